import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Environment } from '../settings';

/** What a command has of the world around it. */
export interface Terminal {
  readonly env: Environment;
  /** Whether a person looks at what `note` says. */
  readonly isWatched: boolean;
  /** The answer of the command: standard output. */
  print(text: string): void;
  /** The same for more than fits in memory: waits where whoever reads is slow. */
  pour(texts: AsyncIterable<string>): Promise<void>;
  /** Everything else: standard error. */
  note(text: string): void;
  /** One line that nobody sees: typed after `prompt`, or the first line of standard input. */
  readSecret(prompt: string): Promise<string>;
  /** Standard input, in chunks. */
  input(): AsyncIterable<string>;
}

/** Takes in what readline echoes, so that nobody reads it. */
class Silence extends Writable {
  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
}

export class ProcessTerminal implements Terminal {
  readonly env: Environment = process.env;
  readonly isWatched = process.stderr.isTTY === true;

  constructor() {
    // Whoever reads may have enough (`parley-server user list | head`): that is no failure.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  }

  print(text: string): void {
    process.stdout.write(text);
  }

  async pour(texts: AsyncIterable<string>): Promise<void> {
    for await (const text of texts) {
      if (!process.stdout.write(text)) {
        await once(process.stdout, 'drain');
      }
    }
  }

  input(): AsyncIterable<string> {
    return process.stdin.setEncoding('utf8') as AsyncIterable<string>;
  }

  note(text: string): void {
    process.stderr.write(text);
  }

  async readSecret(prompt: string): Promise<string> {
    const isTyped = process.stdin.isTTY === true;
    if (isTyped) {
      this.note(prompt);
    }
    const lines = createInterface({ input: process.stdin, output: new Silence(), terminal: isTyped });
    try {
      return await new Promise<string>((resolve) => {
        lines.once('line', resolve);
        lines.once('close', () => resolve(''));
        lines.once('SIGINT', () => lines.close());
      });
    } finally {
      lines.close();
      if (isTyped) {
        this.note('\n');
      }
    }
  }
}
