import type pasteboard from '@ohos.pasteboard';
import type { AsyncCallback } from '@ohos.base';
import { HostError } from '../runtime/core/errors.js';
import { settle } from './support/business-error.js';
import { loud } from './support/loud.js';

const MIMETYPE_TEXT_PLAIN = 'text/plain';

function plainText(text: string): pasteboard.PasteData {
  return loud<pasteboard.PasteData>('pasteboard.PasteData', {
    getPrimaryText: () => text,
    getPrimaryMimeType: () => MIMETYPE_TEXT_PLAIN,
    getMimeTypes: () => [MIMETYPE_TEXT_PLAIN],
    getRecordCount: () => 1,
    hasType: (mimeType) => mimeType === MIMETYPE_TEXT_PLAIN,
  });
}

function setData(data: pasteboard.PasteData, callback: AsyncCallback<void>): void;
function setData(data: pasteboard.PasteData): Promise<void>;
function setData(data: pasteboard.PasteData, callback?: AsyncCallback<void>): Promise<void> | void {
  return settle(navigator.clipboard.writeText(data.getPrimaryText()), callback);
}

const system = loud<pasteboard.SystemPasteboard>('pasteboard.SystemPasteboard', { setData });

export default loud<typeof pasteboard>('pasteboard', {
  MIMETYPE_TEXT_PLAIN,
  createData: (mimeType, value) => {
    if (mimeType !== MIMETYPE_TEXT_PLAIN || typeof value !== 'string') {
      throw new HostError(`pasteboard.createData: the host implements ${MIMETYPE_TEXT_PLAIN} only, got ${mimeType}`);
    }
    return plainText(value);
  },
  createPlainTextData: plainText,
  getSystemPasteboard: () => system,
});
