export { AppStorageV2, UIUtils } from '../runtime/core/state-v2.js';
