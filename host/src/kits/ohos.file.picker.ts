import type picker from '@ohos.file.picker';
import type { AsyncCallback } from '@ohos.base';
import { HostError } from '../runtime/core/errors.js';
import { settle } from './support/business-error.js';
import { loud } from './support/loud.js';
import { choose } from './support/picked-files.js';

const DEFAULT_COUNT = 500;

class DocumentSelectOptions implements picker.DocumentSelectOptions {
  defaultFilePathUri?: string;
  fileSuffixFilters?: string[];
  maxSelectNumber?: number;
}

/** `.png,.jpg` and `Pictures|.png,.jpg` as the `accept` of a file input. */
function acceptOf(filters: readonly string[] = []): string {
  return filters.map((filter) => filter.slice(filter.indexOf('|') + 1)).join(',');
}

class DocumentViewPicker {
  select(options?: picker.DocumentSelectOptions): Promise<string[]>;
  select(options: picker.DocumentSelectOptions, callback: AsyncCallback<string[]>): void;
  select(callback: AsyncCallback<string[]>): void;
  select(
    first?: picker.DocumentSelectOptions | AsyncCallback<string[]>,
    second?: AsyncCallback<string[]>,
  ): Promise<string[]> | void {
    const options = typeof first === 'function' ? undefined : first;
    const chosen = choose('docs/storage', {
      accept: acceptOf(options?.fileSuffixFilters),
      maxCount: options?.maxSelectNumber ?? DEFAULT_COUNT,
    });
    return settle(chosen, typeof first === 'function' ? first : second);
  }

  save(): never {
    throw new HostError('picker.DocumentViewPicker.save is not implemented by the host');
  }
}

export default loud<typeof picker>('picker', { DocumentSelectOptions, DocumentViewPicker });
