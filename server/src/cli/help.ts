import type { Command } from './command';

const INDENT = '  ';

function usageOf({ words, operands, options }: Command): string {
  const optional = Object.entries(options).map(([name, { type, value = 'VALUE' }]) =>
    type === 'string' ? `[--${name} ${value}]` : `[--${name}]`,
  );
  return [...words, ...operands, ...optional].join(' ');
}

/** What others named could hold codes that a terminal obeys. */
function harmless(cell: string): string {
  return cell.replace(/\p{C}/gu, '\u{fffd}');
}

/** The columns of `rows`, each as wide as its widest cell. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(harmless));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(INDENT)}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, INDENT);
}

export function helpOf(commands: readonly Command[]): string {
  return [
    'parley-server: the chat server of Parley, and what its operator needs.\n\n',
    'usage: parley-server [COMMAND] [OPTION …]\n\ncommands:\n',
    indented(table(commands.map((command) => [usageOf(command), command.summary]))),
    '\noptions:\n',
    indented(
      table([
        ['--help', 'this text; after a command, what there is to know about it'],
        ['--version', 'the version of the server'],
      ]),
    ),
    '\nSettings are environment variables (docs/OPERATIONS.md); those of the server hold for every command: DATA_DIR says where its data is.\n',
    'Exit codes: 0 done, 1 could not be done, 2 not understood.\n',
  ].join('');
}

export function helpOfCommand(command: Command): string {
  const options = Object.entries(command.options).map(([name, { type, value = 'VALUE', summary }]) => [
    type === 'string' ? `--${name} ${value}` : `--${name}`,
    summary,
  ]);
  return [
    `usage: parley-server ${usageOf(command)}\n\n${command.summary}\n`,
    command.notes === undefined ? '' : `\n${command.notes}\n`,
    options.length === 0 ? '' : `\noptions:\n${indented(table(options))}`,
  ].join('');
}
