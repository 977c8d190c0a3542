import { resolveColor, resolveLength } from '../core/resources.js';

/** What ArkUI calls Length | Resource. */
export type LengthValue = Parameters<typeof resolveLength>[0];
export type ColorValue = Parameters<typeof resolveColor>[0];

export interface Edges<T> {
  top?: T;
  right?: T;
  bottom?: T;
  left?: T;
  start?: T;
  end?: T;
}

/** CSS for a length in vp (one CSS pixel), or `fallback` for undefined. */
export function length(value: LengthValue | undefined, fallback = ''): string {
  return value === undefined || value === null ? fallback : resolveLength(value);
}

/** A number without unit is fp in font attributes: it grows with the font scale. */
export function fontLength(value: LengthValue | undefined, fallback = ''): string {
  const isPlain = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
  return isPlain ? resolveLength(`${value}fp`) : length(value, fallback);
}

export function color(value: ColorValue | undefined, fallback = ''): string {
  return value === undefined || value === null ? fallback : resolveColor(value);
}

const EDGE_NAMES = new Set(['top', 'right', 'bottom', 'left', 'start', 'end']);

function isEdges<T>(value: T | Edges<T>): value is Edges<T> {
  return typeof value === 'object' && value !== null && Object.keys(value).some((key) => EDGE_NAMES.has(key));
}

export interface Box<T> {
  top: T | undefined;
  end: T | undefined;
  bottom: T | undefined;
  start: T | undefined;
}

/** One value for all edges, or an edge each. `left` and `start` are the same edge in a left-to-right page. */
export function edges<T>(value: T | Edges<T>): Box<T> {
  if (!isEdges(value)) {
    return { top: value, end: value, bottom: value, start: value };
  }
  return {
    top: value.top,
    end: value.end ?? value.right,
    bottom: value.bottom,
    start: value.start ?? value.left,
  };
}

/** CSS values for a `padding`, `margin` or `border-width`, per edge; a missing edge is 0. */
export function edgeLengths(value: LengthValue | Edges<LengthValue>): Box<string> {
  const box = edges<LengthValue>(value as LengthValue);
  return {
    top: length(box.top, '0'),
    end: length(box.end, '0'),
    bottom: length(box.bottom, '0'),
    start: length(box.start, '0'),
  };
}

export interface Corners<T> {
  topLeft?: T;
  topRight?: T;
  bottomLeft?: T;
  bottomRight?: T;
  topStart?: T;
  topEnd?: T;
  bottomStart?: T;
  bottomEnd?: T;
}

export function radius(value: LengthValue | Corners<LengthValue>): string {
  if (typeof value !== 'object' || value === null || !Object.keys(value).some((key) => /^(top|bottom)/.test(key))) {
    return length(value as LengthValue);
  }
  const corners = value as Corners<LengthValue>;
  return [
    corners.topStart ?? corners.topLeft,
    corners.topEnd ?? corners.topRight,
    corners.bottomEnd ?? corners.bottomRight,
    corners.bottomStart ?? corners.bottomLeft,
  ]
    .map((corner) => length(corner, '0'))
    .join(' ');
}

/** FlexAlign by number. */
export const JUSTIFY = ['flex-start', 'center', 'flex-end', 'space-between', 'space-around', 'space-evenly'] as const;
/** ItemAlign by number. */
export const ITEM_ALIGN = ['auto', 'flex-start', 'center', 'flex-end', 'baseline', 'stretch'] as const;
/** HorizontalAlign and VerticalAlign by number. */
export const CROSS_ALIGN = ['flex-start', 'center', 'flex-end'] as const;

/** Alignment by number, as block axis and inline axis. */
export function alignment(value: number): { block: string; inline: string } {
  const names = ['start', 'center', 'end'] as const;
  return { block: names[Math.floor(value / 3)] ?? 'center', inline: names[value % 3] ?? 'center' };
}

/** Curve by number, as CSS. ArkUI's own bezier points, from the documentation of Curve. */
const CURVES = [
  'linear',
  'ease',
  'ease-in',
  'ease-out',
  'ease-in-out',
  'cubic-bezier(0.4,0,0.2,1)',
  'cubic-bezier(0,0,0.2,1)',
  'cubic-bezier(0.4,0,1,1)',
  'cubic-bezier(0,0,0,1)',
  'cubic-bezier(0.33,0,0.67,1)',
  'cubic-bezier(0.7,0,0.2,1)',
  'cubic-bezier(0.4,0,0.4,1)',
  'cubic-bezier(0.2,0,0.2,1)',
];

export interface AnimateParam {
  duration?: number;
  delay?: number;
  curve?: number | string | object;
  iterations?: number;
  onFinish?: () => void;
}

export function curve(value: AnimateParam['curve']): string {
  if (typeof value === 'number') {
    return CURVES[value] ?? 'ease-in-out';
  }
  return typeof value === 'string' && /^(linear|ease|cubic-bezier\()/.test(value) ? value : 'ease-in-out';
}

/** FontWeight by number below 100, else the CSS weight. */
export function fontWeight(value: number | string): string {
  if (typeof value === 'number' && value < 100) {
    return ['100', '400', '400', '500', '700', '900'][value] ?? '400';
  }
  const words: Record<string, string> = { lighter: '100', normal: '400', regular: '400', medium: '500', bolder: '900' };
  return words[String(value)] ?? String(value);
}

/** False where the visitor asked for less motion: then animations jump to their end. */
export function wantsMotion(): boolean {
  return !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
