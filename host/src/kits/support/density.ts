import { device, fontScale } from '../../runtime/core/config.js';

/**
 * Physical pixels per vp, as on a usual phone and tablet. One vp is one CSS pixel here, so a density of 1 would also
 * work and would hide every forgotten px2vp.
 */
export function densityPixels(): number {
  return device.peek() === 'phone' ? 3 : 2;
}

export const vp2px = (value: number): number => value * densityPixels();
export const px2vp = (value: number): number => value / densityPixels();
export const fp2px = (value: number): number => value * fontScale.peek() * densityPixels();
export const px2fp = (value: number): number => value / (fontScale.peek() * densityPixels());
