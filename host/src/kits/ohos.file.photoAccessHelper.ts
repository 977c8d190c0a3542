import type photoAccessHelper from '@ohos.file.photoAccessHelper';
import type { AsyncCallback } from '@ohos.base';
import { settle } from './support/business-error.js';
import { loud } from './support/loud.js';
import { choose } from './support/picked-files.js';

const DEFAULT_COUNT = 50;

const PhotoViewMIMETypes = {
  IMAGE_TYPE: 'image/*',
  VIDEO_TYPE: 'video/*',
  IMAGE_VIDEO_TYPE: '*/*',
  MOVING_PHOTO_IMAGE_TYPE: 'image/movingPhoto',
} as typeof photoAccessHelper.PhotoViewMIMETypes;

class PhotoSelectOptions implements photoAccessHelper.PhotoSelectOptions {
  MIMEType?: photoAccessHelper.PhotoViewMIMETypes;
  maxSelectNumber?: number;
}

class PhotoSelectResult implements photoAccessHelper.PhotoSelectResult {
  isOriginalPhoto = false;

  constructor(public photoUris: string[]) {}
}

class PhotoViewPicker {
  select(options?: photoAccessHelper.PhotoSelectOptions): Promise<photoAccessHelper.PhotoSelectResult>;
  select(
    options: photoAccessHelper.PhotoSelectOptions,
    callback: AsyncCallback<photoAccessHelper.PhotoSelectResult>,
  ): void;
  select(callback: AsyncCallback<photoAccessHelper.PhotoSelectResult>): void;
  select(
    first?: photoAccessHelper.PhotoSelectOptions | AsyncCallback<photoAccessHelper.PhotoSelectResult>,
    second?: AsyncCallback<photoAccessHelper.PhotoSelectResult>,
  ): Promise<photoAccessHelper.PhotoSelectResult> | void {
    const options = typeof first === 'function' ? undefined : first;
    const chosen = choose('media/Photo', {
      accept: options?.MIMEType ?? PhotoViewMIMETypes.IMAGE_VIDEO_TYPE,
      maxCount: options?.maxSelectNumber ?? DEFAULT_COUNT,
    });
    return settle(
      chosen.then((uris) => new PhotoSelectResult(uris)),
      typeof first === 'function' ? first : second,
    );
  }
}

export default loud<typeof photoAccessHelper>('photoAccessHelper', {
  PhotoViewMIMETypes,
  PhotoSelectOptions,
  PhotoSelectResult: PhotoSelectResult as unknown as typeof photoAccessHelper.PhotoSelectResult,
  PhotoViewPicker,
});
