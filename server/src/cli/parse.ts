import { parseArgs } from 'node:util';
import { type Command, type CommandOption, UsageError } from './command';

export interface Parsed {
  readonly command: Command;
  readonly operands: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' ');
}

/** The command with the longest words that `args` starts with. */
function commandIn(args: readonly string[], commands: readonly Command[]): Command {
  const fitting = commands.filter(({ words }) => words.every((word, index) => args[index] === word));
  const [found] = fitting.sort((a, b) => b.words.length - a.words.length);
  if (found !== undefined) {
    return found;
  }
  const family = commands.filter(({ words }) => words[0] === args[0]);
  const known = (family.length > 0 ? family : commands).map(({ words }) => words.join(' '));
  const typed = family.length > 0 ? args.slice(0, 2) : args.slice(0, 1);
  throw new UsageError(`expected one of ${[...new Set(known)].join(', ')}; got ${quoted(typed)}`);
}

/** What is wrong with an option, in our words: the parser's own differ from one Node to the next. */
function complaintOf(error: unknown, command: Command): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = Object.keys(command.options).map((name) => `--${name}`);
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const name = /'(-[^']*)'/.exec(message)?.[1] ?? 'another';
      return new UsageError(`expected ${['--help', ...known].join(', ')}; got the option ${name}`);
    }
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const name = /--([\w-]+)/.exec(message)?.[1] ?? '';
      const { type, value = 'VALUE' }: Partial<CommandOption> = command.options[name] ?? {};
      return new UsageError(
        type === 'string' ? `--${name}: expected ${value} after it` : `--${name}: expected no value, got one`,
      );
    }
    default:
      return new UsageError(message);
  }
}

/** Reads what was typed. Throws `UsageError`. */
export function parseCommand(args: readonly string[], commands: readonly Command[]): Parsed {
  const command = commandIn(args, commands);
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    const options = Object.fromEntries(Object.entries(command.options).map(([name, { type }]) => [name, { type }]));
    parsed = parseArgs({ args: args.slice(command.words.length), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw complaintOf(error, command);
  }
  const { positionals, values } = parsed;
  if (positionals.length !== command.operands.length) {
    const expected = command.operands.length === 0 ? 'nothing more' : command.operands.join(' ');
    const got = positionals.length === 0 ? 'nothing' : quoted(positionals);
    throw new UsageError(`${command.words.join(' ')}: expected ${expected}, got ${got}`);
  }
  const flags = new Set(Object.keys(values).filter((name) => values[name] === true));
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { command, operands: positionals, flags, values: new Map(texts) };
}
