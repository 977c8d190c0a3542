import { readFileSync } from 'node:fs';

export const PROTOCOL_PAGE = readFileSync(new URL('../../../docs/PROTOCOL.md', import.meta.url), 'utf8');

export interface Example {
  /** The words after `json`: `client`, `server`, either with `batch` behind it, `line …`, or `http NAME`. */
  readonly kind: string;
  readonly text: string;
}

/** The fenced examples of PROTOCOL.md, in their order. */
export const EXAMPLES: readonly Example[] = [...PROTOCOL_PAGE.matchAll(/^```json ([^\n]+)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', text = '']) => ({ kind: kind.trim(), text: text.trim() }),
);
