import type declared from '@ohos.promptAction';
import type { AsyncCallback } from '@ohos.base';
import * as overlays from '../../runtime/components/overlays.js';
import { settle } from './business-error.js';

type Options = declared.ShowDialogOptions;
type Response = declared.ShowDialogSuccessResponse;

function showToast(options: declared.ShowToastOptions): void {
  overlays.showToast(options as overlays.ShowToastOptions);
}

function showDialog(options: Options, callback: AsyncCallback<Response>): void;
function showDialog(options: Options): Promise<Response>;
function showDialog(options: Options, callback?: AsyncCallback<Response>): Promise<Response> | void {
  return settle(overlays.showDialog(options as Parameters<typeof overlays.showDialog>[0]), callback);
}

/** Behind both `getUIContext().getPromptAction()` and the older module of this name. */
export const promptAction = { showToast, showDialog };
