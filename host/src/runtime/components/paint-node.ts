import { LayoutNode } from './layout-node.js';
import { TransitionEffect, enterFrames, leaveFrames } from './transition-effect.js';
import {
  color,
  curve,
  edges,
  edgeLengths,
  length,
  radius,
  wantsMotion,
  type AnimateParam,
  type ColorValue,
  type Corners,
  type Edges,
  type LengthValue,
} from './style.js';

interface BorderOptions {
  width?: LengthValue | Edges<LengthValue>;
  color?: ColorValue | Edges<ColorValue>;
  radius?: LengthValue | Corners<LengthValue>;
  style?: number | Edges<number>;
}

interface ShadowOptions {
  radius: number;
  color?: ColorValue;
  offsetX?: number;
  offsetY?: number;
}

interface Gradient {
  angle?: number | string;
  direction?: number;
  colors: [ColorValue, number][];
  repeating?: boolean;
}

const BORDER_STYLES = ['dotted', 'dashed', 'solid'] as const;
const GRADIENT_SIDES = [
  'left',
  'top',
  'right',
  'bottom',
  'left top',
  'left bottom',
  'right top',
  'right bottom',
  'bottom',
] as const;
/** ShadowStyle by number: blur, y offset and darkness. Guessed from the look of the system. */
const SHADOW_STYLES: readonly [number, number, number][] = [
  [6, 1, 0.06],
  [10, 2, 0.08],
  [16, 4, 0.1],
  [24, 8, 0.12],
  [16, 4, 0.14],
  [24, 8, 0.18],
];
const BLUR_STYLE_NONE = 7;

/** What a component looks like, and how it comes and goes. */
export abstract class PaintNode extends LayoutNode {
  private enterEffect: TransitionEffect | null = null;

  backgroundColor(value: ColorValue): void {
    this.element.style.backgroundColor = color(value);
  }

  borderRadius(value: LengthValue | Corners<LengthValue>): void {
    this.element.style.borderRadius = radius(value);
  }

  border(value: BorderOptions): void {
    if (value.width !== undefined) {
      this.borderWidth(value.width);
    }
    if (value.color !== undefined) {
      this.borderColor(value.color);
    }
    if (value.radius !== undefined) {
      this.borderRadius(value.radius);
    }
    if (value.style !== undefined) {
      this.borderStyle(value.style);
    }
  }

  borderWidth(value: LengthValue | Edges<LengthValue>): void {
    const box = edgeLengths(value);
    this.element.style.borderWidth = `${box.top} ${box.end} ${box.bottom} ${box.start}`;
    this.element.style.borderStyle ||= 'solid';
    this.element.style.borderColor ||= '#000000';
  }

  borderColor(value: ColorValue | Edges<ColorValue>): void {
    const box = edges<ColorValue>(value as ColorValue);
    this.element.style.borderColor = [box.top, box.end, box.bottom, box.start]
      .map((edge) => color(edge, '#000000'))
      .join(' ');
  }

  borderStyle(value: number | Edges<number>): void {
    const box = edges<number>(value as number);
    this.element.style.borderStyle = [box.top, box.end, box.bottom, box.start]
      .map((edge) => BORDER_STYLES[edge ?? 2] ?? 'solid')
      .join(' ');
  }

  opacity(value: number): void {
    this.element.style.opacity = String(value);
  }

  foregroundColor(value: ColorValue): void {
    this.element.style.color = color(value);
  }

  clip(value: boolean): void {
    this.element.style.overflow = value ? 'hidden' : '';
  }

  /** ArkUI's radius is the blur; there is no spread. */
  shadow(value: ShadowOptions | number): void {
    if (typeof value === 'number') {
      const [blur, y, alpha] = SHADOW_STYLES[value] ?? [0, 0, 0];
      this.element.style.boxShadow = `0 ${y}px ${blur}px rgba(0,0,0,${alpha})`;
      return;
    }
    this.element.style.boxShadow = `${length(value.offsetX, '0')} ${length(value.offsetY, '0')} ${length(value.radius)} ${color(value.color, '#000000')}`;
  }

  linearGradient(value: Gradient): void {
    const towards = value.angle !== undefined ? angleOf(value.angle) : `to ${GRADIENT_SIDES[value.direction ?? 3]}`;
    const stops = value.colors.map(([stop, at]) => `${color(stop)} ${at * 100}%`).join(', ');
    this.element.style.backgroundImage = `${value.repeating ? 'repeating-' : ''}linear-gradient(${towards}, ${stops})`;
  }

  /** The thickness of the material is approximated by one blur and one tint. */
  backgroundBlurStyle(value: number): void {
    this.element.classList.toggle('ark-material', value !== BLUR_STYLE_NONE);
  }

  blur(value: number): void {
    this.element.style.filter = value > 0 ? `blur(${value}px)` : '';
  }

  rotate(value: { x?: number; y?: number; z?: number; angle: number | string }): void {
    const isPlain = value.x === undefined && value.y === undefined;
    const axis = isPlain ? '' : `${value.x ?? 0} ${value.y ?? 0} ${value.z ?? 0} `;
    this.element.style.rotate = axis + angleOf(value.angle);
  }

  scale(value: { x?: number; y?: number }): void {
    this.element.style.scale = `${value.x ?? 1} ${value.y ?? 1}`;
  }

  translate(value: { x?: LengthValue; y?: LengthValue }): void {
    this.element.style.translate = `${length(value.x, '0')} ${length(value.y, '0')}`;
  }

  /** Changes of attributes that CSS can animate take `duration`; under reduced motion they jump. */
  animation(value: AnimateParam): void {
    const isMoving = wantsMotion();
    this.element.style.transition = isMoving
      ? `all ${value.duration ?? DEFAULT_ANIMATION_MS}ms ${curve(value.curve)} ${value.delay ?? 0}ms`
      : 'none';
  }

  transition(value: TransitionEffect, onFinish?: (isAppearing: boolean) => void): void {
    this.enterEffect = value;
    this.onTransitionFinish = onFinish;
  }

  override mounted(): void {
    super.mounted();
    if (this.enterEffect !== null && wantsMotion()) {
      const { frames, timing } = enterFrames(this.enterEffect);
      this.element.animate(frames, timing).finished.then(() => this.onTransitionFinish?.(true), ignoreCancel);
    }
  }

  override detachElement(): void {
    if (this.enterEffect === null || !wantsMotion() || !this.element.isConnected) {
      super.detachElement();
      return;
    }
    const { frames, timing } = leaveFrames(this.enterEffect);
    const element = this.element;
    element.inert = true;
    const end = (): void => {
      element.remove();
      this.onTransitionFinish?.(false);
    };
    element.animate(frames, timing).finished.then(end, end);
  }

  private onTransitionFinish: ((isAppearing: boolean) => void) | undefined;
}

const DEFAULT_ANIMATION_MS = 1000;

function angleOf(value: number | string): string {
  return typeof value === 'number' || /^-?[\d.]+$/.test(value) ? `${value}deg` : value;
}

/** A cancelled animation rejects its promise; the component has gone away before its end, and nobody waits for it. */
function ignoreCancel(reason: unknown): void {
  if (!(reason instanceof DOMException && reason.name === 'AbortError')) {
    throw reason;
  }
}
