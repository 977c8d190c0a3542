import type { ExitCode } from '../../src/cli/command';
import { COMMANDS } from '../../src/cli/commands';
import { run } from '../../src/cli/run';
import type { Terminal } from '../../src/cli/terminal';
import { type Clock, SystemClock } from '../../src/ports/clock';
import { systemRandom } from '../../src/ports/ids';
import type { Environment } from '../../src/settings';
import { CHEAP_PASSWORDS } from './test-server';

/** What one command said, and how it ended. */
export interface Ended {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Records what a command says; what is typed, or comes as standard input, is given beforehand. */
export class RecordingTerminal implements Terminal {
  stdout = '';
  stderr = '';
  secretsRead = 0;

  constructor(
    readonly env: Environment,
    private readonly secret: string,
    readonly isWatched = false,
  ) {}

  print(text: string): void {
    this.stdout += text;
  }

  async pour(texts: AsyncIterable<string>): Promise<void> {
    for await (const text of texts) {
      this.stdout += text;
    }
  }

  async *input(): AsyncGenerator<string> {
    yield this.secret;
  }

  note(text: string): void {
    this.stderr += text;
  }

  async readSecret(): Promise<string> {
    this.secretsRead++;
    return this.secret;
  }
}

/** `parley-server` in this process, on one data folder. */
export class CommandLine {
  constructor(
    private readonly env: Environment,
    private readonly clock: Clock = new SystemClock(),
  ) {}

  async run(args: string, secret = ''): Promise<Ended> {
    return this.runWith(
      args.split(' ').filter((arg) => arg !== ''),
      new RecordingTerminal(this.env, secret),
    );
  }

  async runWith(args: readonly string[], terminal: RecordingTerminal): Promise<Ended> {
    const ports = { clock: this.clock, random: systemRandom, passwords: CHEAP_PASSWORDS };
    const code = await run(args, { terminal, commands: COMMANDS, ...ports });
    return { code, stdout: terminal.stdout, stderr: terminal.stderr };
  }
}
