import type { ColorModeName } from './config.js';

/** `sys.color.*` that pages use: the default tokens of the system theme at API 12, light and dark. */
const SYSTEM_COLORS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  brand: ['#FF0A59F7', '#FF317AF7'],
  font_emphasize: ['#FF0A59F7', '#FF317AF7'],
  warning: ['#FFE84026', '#FFD94838'],
  alert: ['#FFED6F21', '#FFDB6B42'],
  confirm: ['#FF64BB5C', '#FF5BA854'],
  font_primary: ['#E5000000', '#E5FFFFFF'],
  font_secondary: ['#99000000', '#99FFFFFF'],
  font_tertiary: ['#66000000', '#66FFFFFF'],
  font_fourth: ['#33000000', '#33FFFFFF'],
  font_on_primary: ['#FFFFFFFF', '#FF000000'],
  icon_primary: ['#E5000000', '#E5FFFFFF'],
  icon_secondary: ['#99000000', '#99FFFFFF'],
  icon_tertiary: ['#66000000', '#66FFFFFF'],
  icon_fourth: ['#33000000', '#33FFFFFF'],
};

export function hasSystemColor(name: string): boolean {
  return name in SYSTEM_COLORS;
}

export function systemColor(name: string, mode: ColorModeName): string {
  const pair = SYSTEM_COLORS[name];
  if (pair === undefined) {
    throw new Error(`sys.color.${name} is not known here: known are ${Object.keys(SYSTEM_COLORS).join(', ')}`);
  }
  return pair[mode === 'light' ? 0 : 1];
}
