import type resourceManager from '@ohos.resourceManager';
import { loud } from './support/loud.js';
import { ColorMode, DeviceType, Direction, ScreenDensity } from './support/resource-manager.js';

export default loud<typeof resourceManager>('resourceManager', { ColorMode, DeviceType, Direction, ScreenDensity });
