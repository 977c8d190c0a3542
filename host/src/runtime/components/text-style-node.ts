import { resolveString, type Resource } from '../core/resources.js';
import { CommonNode } from './common-node.js';
import { color, fontLength, fontWeight, length, type ColorValue, type LengthValue } from './style.js';

interface Font {
  size?: LengthValue;
  weight?: number | string;
  family?: string | Resource;
  style?: number;
}

interface Decoration {
  type: number;
  color?: ColorValue;
  style?: number;
}

const DECORATIONS = ['none', 'underline', 'overline', 'line-through'] as const;
const DECORATION_STYLES = ['solid', 'double', 'dotted', 'dashed', 'wavy'] as const;
const CASES = ['none', 'lowercase', 'uppercase'] as const;

/** The font attributes that Text, Span, Button and the inputs share. */
export abstract class TextStyleNode extends CommonNode {
  /** The element that carries the font. */
  protected get textElement(): HTMLElement {
    return this.element;
  }

  fontColor(value: ColorValue): void {
    this.textElement.style.color = color(value);
  }

  fontSize(value: LengthValue): void {
    this.textElement.style.fontSize = fontLength(value);
  }

  fontWeight(value: number | string): void {
    this.textElement.style.fontWeight = fontWeight(value);
  }

  fontStyle(value: number): void {
    this.textElement.style.fontStyle = value === 1 ? 'italic' : 'normal';
  }

  /** A font that the machine does not have falls back to the system font, as on a device. */
  fontFamily(value: string | Resource): void {
    this.textElement.style.fontFamily = `${resolveString(value)}, var(--ark-font)`;
  }

  font(value: Font): void {
    if (value.size !== undefined) {
      this.fontSize(value.size);
    }
    if (value.weight !== undefined) {
      this.fontWeight(value.weight);
    }
    if (value.family !== undefined) {
      this.fontFamily(value.family);
    }
    if (value.style !== undefined) {
      this.fontStyle(value.style);
    }
  }

  letterSpacing(value: LengthValue): void {
    this.textElement.style.letterSpacing = length(value);
  }

  /** 0 or less: as the font wants it. */
  lineHeight(value: LengthValue): void {
    const css = fontLength(value);
    this.textElement.style.lineHeight = Number.parseFloat(css) > 0 ? css : '';
  }

  decoration(value: Decoration): void {
    const style = this.textElement.style;
    style.textDecorationLine = DECORATIONS[value.type] ?? 'none';
    style.textDecorationColor = color(value.color);
    style.textDecorationStyle = DECORATION_STYLES[value.style ?? 0] ?? 'solid';
  }

  textCase(value: number): void {
    this.textElement.style.textTransform = CASES[value] ?? 'none';
  }
}
