import type Declared from '@ohos.promptAction';
import { enumOf } from './support/enums.js';
import { loud } from './support/loud.js';
import { promptAction } from './support/prompt-action.js';

export default loud<typeof Declared>('promptAction', {
  ...promptAction,
  ToastShowMode: enumOf<typeof Declared.ToastShowMode>({ DEFAULT: 0, TOP_MOST: 1 }),
});
