import type bundleManager from '@ohos.bundle.bundleManager';
import type { AsyncCallback } from '@ohos.base';
import { settle } from './support/business-error.js';
import { enumOf } from './support/enums.js';
import { hostProcess } from './support/host-process.js';
import { loud } from './support/loud.js';

type BundleInfo = bundleManager.BundleInfo;

/** What app.json5 says. Parts that `bundleFlags` would add besides `appInfo` are not there, and say so when read. */
function getBundleInfoForSelfSync(_bundleFlags: number): BundleInfo {
  const { bundleName, versionCode, versionName, isDebug } = hostProcess;
  return loud<BundleInfo>('BundleInfo', {
    name: bundleName,
    versionCode,
    versionName,
    appInfo: loud<BundleInfo['appInfo']>('ApplicationInfo', { name: bundleName, debug: isDebug }),
  });
}

function getBundleInfoForSelf(bundleFlags: number): Promise<BundleInfo>;
function getBundleInfoForSelf(bundleFlags: number, callback: AsyncCallback<BundleInfo>): void;
function getBundleInfoForSelf(bundleFlags: number, callback?: AsyncCallback<BundleInfo>): Promise<BundleInfo> | void {
  return settle(Promise.resolve(getBundleInfoForSelfSync(bundleFlags)), callback);
}

export default loud<typeof bundleManager>('bundleManager', {
  getBundleInfoForSelf,
  getBundleInfoForSelfSync,
  BundleFlag: enumOf<typeof bundleManager.BundleFlag>({
    GET_BUNDLE_INFO_DEFAULT: 0,
    GET_BUNDLE_INFO_WITH_APPLICATION: 1,
    GET_BUNDLE_INFO_WITH_HAP_MODULE: 2,
    GET_BUNDLE_INFO_WITH_ABILITY: 4,
    GET_BUNDLE_INFO_WITH_EXTENSION_ABILITY: 8,
    GET_BUNDLE_INFO_WITH_REQUESTED_PERMISSION: 16,
    GET_BUNDLE_INFO_WITH_METADATA: 32,
    GET_BUNDLE_INFO_WITH_DISABLE: 64,
    GET_BUNDLE_INFO_WITH_SIGNATURE_INFO: 128,
    GET_BUNDLE_INFO_WITH_MENU: 256,
    GET_BUNDLE_INFO_WITH_ROUTER_MAP: 512,
    GET_BUNDLE_INFO_WITH_SKILL: 2048,
  }),
});
