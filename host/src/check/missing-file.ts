import { existsSync } from 'node:fs';
import path from 'node:path';
import { finding, type Finding } from './finding.js';
import { positionOf } from './text-position.js';

/** One finding where `referrer` names a file that is not there. `code` is hvigor's error number. */
export function missingFile(target: string, referrer: string, reference: string, code: string): Finding[] {
  if (existsSync(target)) {
    return [];
  }
  const hvigor = code === '' ? '' : ` (hvigor ${code})`;
  const name = reference === '' ? path.basename(target) : reference;
  return [
    finding(
      referrer,
      positionOf(referrer, reference),
      'structure/file-missing',
      `'${name}' is missing${hvigor}`,
      `Create ${target}.`,
    ),
  ];
}
