/** ArkUI colours to CSS: numbers are 0xAARRGGBB (no alpha: opaque), `#AARRGGBB` has the alpha in front. */
export function parseColor(value: string | number): string {
  if (typeof value === 'number') {
    const alpha = value > 0xffffff ? Math.floor(value / 0x1000000) & 0xff : 0xff;
    return rgba((value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff, alpha);
  }
  const text = value.trim();
  const hex = /^#([0-9a-f]+)$/i.exec(text)?.[1];
  if (hex !== undefined) {
    const full = hex.length === 3 || hex.length === 4 ? [...hex].map((digit) => digit + digit).join('') : hex;
    if (full.length === 6) {
      return `#${full}`;
    }
    if (full.length === 8) {
      return `#${full.slice(2)}${full.slice(0, 2)}`;
    }
  } else if (/^rgba?\(/i.test(text) || /^[a-z]+$/i.test(text)) {
    return text;
  }
  throw new Error(
    `'${value}' is not a colour: expected 0xRRGGBB, 0xAARRGGBB, '#RRGGBB', '#AARRGGBB' or 'rgba(r, g, b, a)'`,
  );
}

function rgba(red: number, green: number, blue: number, alpha: number): string {
  const hex = (part: number): string => part.toString(16).padStart(2, '0');
  return `#${hex(red)}${hex(green)}${hex(blue)}${alpha === 0xff ? '' : hex(alpha)}`;
}
