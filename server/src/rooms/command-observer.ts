import type { LogCommand } from '../store/store';
import type { CommitResult } from './commit-line';

/** Learns how one command goes on. */
export interface CommandEnd {
  /** Who asked for it has the answer. */
  answered(result: CommitResult): void;
  /** Everyone else was told. Only after an `answered` with an outcome. */
  published(): void;
}

/** Learns of each command that is to write a log. */
export interface CommandObserver {
  beginCommand(command: LogCommand): CommandEnd;
}
