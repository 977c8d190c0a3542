/** Child processes pinned to a core, driven by calls over the IPC channel. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Servers and relays on one core, clients on the other: neither takes time from the one that is measured. */
export const SERVER_CORE = 0;
export const CLIENT_CORE = 1;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Whether processes can be pinned: Linux with `taskset`, and more than one core to choose from. */
export const canPin: boolean =
  process.platform === 'linux' &&
  availableParallelism() > 1 &&
  spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;

const CORE_VARIABLE = 'PARLEY_BENCH_CORE';

/** All threads of this process to the core that its parent chose. Loading is over by then: that may use every core. */
function pin(): void {
  const core = process.env[CORE_VARIABLE];
  if (!canPin || core === undefined) {
    return;
  }
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', core, String(process.pid)], { stdio: 'ignore' });
  if (status !== 0) {
    throw new Error(`taskset: expected status 0, got ${status}`);
  }
}

/**
 * Some seconds after its turn V8 would tidy up in a contender that is idle by then, on the core and in the turn of
 * another one.
 */
const QUIET_WHEN_IDLE = '--no-memory-reducer';

export class Child {
  private readonly waiting = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>();
  private readonly exited: Promise<void>;
  private nextId = 1;

  private constructor(
    private readonly process: ChildProcess,
    private readonly name: string,
  ) {
    process.on('message', (message) => this.answered(message as Answer));
    this.exited = new Promise((done) => {
      process.on('exit', (code, signal) => {
        const why = new Error(`${name} ended (${code ?? signal}) while it was asked for something`);
        this.waiting.forEach(({ fail }) => fail(why));
        this.waiting.clear();
        done();
      });
    });
  }

  /** `file` is relative to bench/src and calls `serve`. */
  static start(file: string, core: number, args: readonly string[] = [], nodeArgs: readonly string[] = []): Child {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
    const env = { ...process.env, [CORE_VARIABLE]: String(core) };
    return new Child(
      spawn(process.execPath, [QUIET_WHEN_IDLE, ...nodeArgs, '--import', 'tsx', path, ...args], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        serialization: 'advanced',
        env,
      }),
      file,
    );
  }

  call<T>(name: string, argument?: unknown): Promise<T> {
    const id = this.nextId++;
    return new Promise<T>((done, fail) => {
      this.waiting.set(id, { done: done as (value: unknown) => void, fail });
      this.process.send({ id, name, argument } satisfies Call, (error) => {
        if (error !== null) {
          this.waiting.delete(id);
          fail(new Error(`${this.name} ${name}: ${error.message}`));
        }
      });
    });
  }

  /** Lets the process end by itself, and ends it after 5 s. */
  async stop(): Promise<void> {
    if (this.process.connected) {
      this.process.disconnect();
    }
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await this.exited;
    clearTimeout(timer);
  }

  private answered({ id, value, error }: Answer): void {
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) {
      call?.done(value);
    } else {
      call?.fail(new Error(`${this.name}: ${error}`));
    }
  }
}

/** In the child: answers calls by name until the parent lets go. `onEnd` runs before the process exits. */
export function serve(
  handlers: Readonly<Record<string, (argument: never) => unknown>>,
  onEnd: () => unknown = () => undefined,
): void {
  pin();
  process.on('message', (message) => {
    const { id, name, argument } = message as Call;
    const handler = handlers[name];
    Promise.resolve()
      .then(() => {
        if (handler === undefined) {
          throw new Error(`no handler for ${name}`);
        }
        return handler(argument as never);
      })
      .then(
        (value) => process.send?.({ id, value } satisfies Answer),
        (error: unknown) => process.send?.({ id, error: (error as Error).stack ?? String(error) } satisfies Answer),
      );
  });
  process.on('disconnect', () => {
    void Promise.resolve()
      .then(onEnd)
      .finally(() => process.exit(0));
  });
}

/** Starts all, hands them to `work`, and stops all, whatever happens. */
export async function withChildren<T, C extends readonly Child[]>(
  children: C,
  work: (...children: { -readonly [K in keyof C]: C[K] }) => Promise<T>,
): Promise<T> {
  try {
    return await work(...children);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}
