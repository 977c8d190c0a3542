import type display from '@ohos.display';
import { windowSize } from '../runtime/core/config.js';
import { densityPixels, vp2px } from './support/density.js';
import { loud } from './support/loud.js';

/** The screen is as large as the window: the preview shows nothing else on it. */
function getDefaultDisplaySync(): display.Display {
  const { width, height } = windowSize.peek();
  return loud<display.Display>('display.Display', {
    id: 0,
    width: Math.round(vp2px(width)),
    height: Math.round(vp2px(height)),
    densityPixels: densityPixels(),
    densityDPI: densityPixels() * 160,
    scaledDensity: densityPixels(),
  });
}

export default loud<typeof display>('display', { getDefaultDisplaySync });
