import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Makes a process of Node listen for `Inspector`, on a port of its own choice. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
  readonly error?: { readonly message: string };
}

/** The way into another process of Node that its debugger takes (Chrome DevTools protocol). Nothing stops it meanwhile. */
export class Inspector {
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** `stderr`: what the process said when it started. */
  static async of(stderr: string): Promise<Inspector> {
    const [url] = /ws:\/\/\S+/.exec(stderr) ?? [];
    if (url === undefined) {
      throw new Error(`expected a process that was started with --inspect, got "${stderr}"`);
    }
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  collectGarbage(): Promise<unknown> {
    return this.ask('HeapProfiler.collectGarbage', {});
  }

  /** The value of an expression in the process; it must be plain data. */
  evaluate(expression: string): Promise<unknown> {
    return this.ask('Runtime.evaluate', { expression, returnByValue: true });
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private async ask(method: string, params: object): Promise<unknown> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = (await once(this.socket, 'message')) as [Buffer];
      const reply = JSON.parse(data.toString('utf8')) as Reply;
      if (reply.id === id) {
        if (reply.error !== undefined) {
          throw new Error(`${method}: ${reply.error.message}`);
        }
        return reply.result?.result?.value;
      }
    }
  }
}
