import type { PartialMessage } from 'esbuild';
import type { Fault } from './fault.js';

/** A fault as esbuild tells it. */
export function toMessage(fault: Fault): PartialMessage {
  return fault.line === 0
    ? { text: fault.text, location: { file: fault.file, line: 0, column: 0 } }
    : { text: fault.text, location: { file: fault.file, line: fault.line, column: fault.column - 1 } };
}
