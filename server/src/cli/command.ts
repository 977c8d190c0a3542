import type { Clock } from '../ports/clock';
import type { RandomBytes } from '../ports/ids';
import type { Passwords } from '../auth/passwords';
import type { Terminal } from './terminal';

/** 0: done; 1: could not be done; 2: the command itself is wrong. */
export type ExitCode = 0 | 1 | 2;

export interface CommandOption {
  readonly type: 'boolean' | 'string';
  /** For the help: what the option does, in a few words. */
  readonly summary: string;
  /** For the help: what stands for its value. */
  readonly value?: string;
}

/** What a command gets: what was typed, checked against its declaration, and the ports it works through. */
export interface Call {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly passwords: Passwords;
  /** One for each of the command's operands, in their order. */
  readonly operands: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

export interface Command {
  /** As they are typed: `['user', 'add']`. */
  readonly words: readonly string[];
  /** What follows them, each required: `['NAME']`. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  readonly summary: string;
  /** What a reader of `--help` must know beyond that. */
  readonly notes?: string;
  /** Throws `CommandFailure`, `SettingError` or `StoreFailure` where it cannot be done. */
  run(call: Call): Promise<ExitCode>;
}

/** It was understood and cannot be done. The message is a whole sentence. */
export class CommandFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandFailure';
  }
}

/** It was not understood. The message says what was expected. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const JSON_OPTION: Readonly<Record<string, CommandOption>> = {
  json: { type: 'boolean', summary: 'one JSON object a line instead of a table' },
};
