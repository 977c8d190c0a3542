import { CommandFailure } from './command';

/** Longer than any line that an export writes; a file that is something else must not fill the memory. */
const MAX_LINE_LENGTH = 1024 * 1024;

/** The lines of a text that comes in chunks, without their ends. Throws `CommandFailure` for a line that is too long. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let lineNo = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      lineNo++;
      yield line;
    }
    if (rest.length > MAX_LINE_LENGTH) {
      throw new CommandFailure(`line ${lineNo + 1}: expected at most ${MAX_LINE_LENGTH} characters, got more`);
    }
  }
  if (rest !== '') {
    yield rest;
  }
}
