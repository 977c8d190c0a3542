import { readFileSync } from 'node:fs';
import type { Passwords } from '../auth/passwords';
import type { Clock } from '../ports/clock';
import type { RandomBytes } from '../ports/ids';
import { SettingError } from '../settings';
import { StoreFailure } from '../store/store';
import { type Command, CommandFailure, type ExitCode, UsageError } from './command';
import { helpOf, helpOfCommand } from './help';
import { parseCommand } from './parse';
import type { Terminal } from './terminal';

export interface RunParts {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly passwords: Passwords;
  readonly commands: readonly Command[];
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** `--help` counts before `--`, wherever it stands. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function help(args: readonly string[], commands: readonly Command[]): string {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const command = commands.find((one) => one.words.join(' ') === words.slice(0, one.words.length).join(' '));
  return command === undefined ? helpOf(commands) : helpOfCommand(command);
}

/** Carries out what was typed after `parley-server`. Never rejects because of what was typed. */
export async function run(args: readonly string[], parts: RunParts): Promise<ExitCode> {
  const { terminal, commands, ...ports } = parts;
  if (asksForHelp(args)) {
    terminal.print(help(args, commands));
    return 0;
  }
  if (args[0] === '--version') {
    terminal.print(`${version()}\n`);
    return 0;
  }
  try {
    const { command, ...typed } = parseCommand(args.length === 0 ? ['serve'] : args, commands);
    return await command.run({ terminal, ...ports, ...typed });
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(`parley-server: ${error.message}\nSee parley-server --help.\n`);
      return 2;
    }
    if (error instanceof CommandFailure || error instanceof SettingError || error instanceof StoreFailure) {
      terminal.note(`parley-server: ${error.message}\n`);
      return 1;
    }
    throw error;
  }
}
