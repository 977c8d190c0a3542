import { signal } from './reactive.js';

export type ColorModeName = 'light' | 'dark';
export type DeviceName = 'phone' | 'tablet' | '2in1';

export interface WindowSize {
  /** vp, which is one CSS pixel here. */
  width: number;
  height: number;
}

/**
 * What a device calls its configuration. Whoever reads one of these inside an effect runs again when it changes.
 * `boot` and the kits set them.
 */
export const colorMode = signal<ColorModeName>('light');
/** BCP 47, such as `zh-CN`. */
export const locale = signal<string>('en-US');
export const fontScale = signal<number>(1);
export const device = signal<DeviceName>('phone');
export const windowSize = signal<WindowSize>({ width: 360, height: 780 });

/** Languages that are written from right to left, by language subtag. */
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ug', 'ur', 'yi']);

export function textDirection(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(tag.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}
