import type deviceInfo from '@ohos.deviceInfo';
import { device } from '../runtime/core/config.js';
import { loud } from './support/loud.js';

/** Getters: `boot` learns the device from the page's address after this module is loaded. */
export default loud<typeof deviceInfo>('deviceInfo', {
  get deviceType(): string {
    return device.peek();
  },
  sdkApiVersion: 12,
  brand: 'Host',
  marketName: 'Browser preview',
  productModel: 'preview',
  manufacture: 'Host',
});
