import type picker from '@ohos.file.picker';
import type { AsyncCallback } from '@ohos.base';
import { settle } from './support/business-error.js';
import { loud } from './support/loud.js';
import { choose, chooseTargets } from './support/picked-files.js';

const DEFAULT_COUNT = 500;

class DocumentSelectOptions implements picker.DocumentSelectOptions {
  defaultFilePathUri?: string;
  fileSuffixFilters?: string[];
  maxSelectNumber?: number;
}

class DocumentSaveOptions implements picker.DocumentSaveOptions {
  newFileNames?: string[];
  defaultFilePathUri?: string;
  fileSuffixChoices?: string[];
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

  save(options?: picker.DocumentSaveOptions): Promise<string[]>;
  save(options: picker.DocumentSaveOptions, callback: AsyncCallback<string[]>): void;
  save(callback: AsyncCallback<string[]>): void;
  save(
    first?: picker.DocumentSaveOptions | AsyncCallback<string[]>,
    second?: AsyncCallback<string[]>,
  ): Promise<string[]> | void {
    const names = (typeof first === 'function' ? undefined : first?.newFileNames) ?? [];
    return settle(Promise.resolve(chooseTargets('docs/storage', names)), typeof first === 'function' ? first : second);
  }
}

export default loud<typeof picker>('picker', { DocumentSaveOptions, DocumentSelectOptions, DocumentViewPicker });
