import path from 'node:path';
import type { OnLoadResult, TsconfigRaw } from 'esbuild';
import { parseEts, syntaxFaults } from './ets-source.js';
import { toMessage } from './fault-message.js';

/** What the front end does to classes: fields are assigned, decorators are those of before the standard. */
export const ETS_TSCONFIG: TsconfigRaw = {
  compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false },
};

/**
 * ArkTS without ArkUI or kits means what TypeScript means, and esbuild takes the types away. The front end only says whether it
 * is ArkTS at all: to emit code it would check every type first, which is `check`'s work.
 */
export function loadPureEts(root: string, file: string, text: string): OnLoadResult {
  const faults = syntaxFaults(parseEts(file, path.relative(root, file), text));
  return faults.length > 0
    ? { errors: faults.map(toMessage) }
    : { contents: text, loader: 'ts', resolveDir: path.dirname(file) };
}
