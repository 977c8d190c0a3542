import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  type ClientFrame,
  type ErrorPayload,
  FrameType,
  type ServerFrame,
  type WelcomePayload,
} from '../../../common/core/src/main/ets/wire/Frames';
import { PROTOCOL_NAME } from '../../../common/core/src/main/ets/wire/Limits';
import { decodeServerFrame } from '../../../common/core/src/main/ets/wire/ServerFrames';

type Of<T extends FrameType> = Extract<ServerFrame, { type: T }>;
type Command = ClientFrame extends infer F ? (F extends ClientFrame ? Omit<F, 'id'> : never) : never;

/** A test that waits longer than this has failed; no rule of the protocol depends on it. */
const PATIENCE_MS = 8000;

/** A client over a real WebSocket that records every frame, decoded by wire, in the order of arrival. */
export class SocketClient {
  readonly frames: ServerFrame[] = [];
  /** Called for each frame as it arrives, before anything else runs. */
  onFrame: (frame: ServerFrame) => void = () => undefined;
  private readonly waiters = new Set<() => void>();
  private taken = 0;
  private lastId = 0;
  private closeCode: number | null = null;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const frame = decodeServerFrame((data as Buffer).toString('utf8'));
      this.frames.push(frame);
      this.onFrame(frame);
      this.wake();
    });
    socket.on('open', () => this.wake());
    socket.on('close', (code) => {
      this.closeCode = code;
      this.wake();
    });
    socket.on('error', () => this.wake());
  }

  static async connect(url: string, offers: string[] = [PROTOCOL_NAME]): Promise<SocketClient> {
    const client = new SocketClient(new WebSocket(url, offers));
    await client.until(() => client.socket.readyState !== WebSocket.CONNECTING, 'the handshake');
    return client;
  }

  /** Connected, greeted and welcomed. */
  static async open(url: string, token: string): Promise<SocketClient> {
    const client = await SocketClient.connect(url);
    client.command({ type: FrameType.Hello, payload: { token, client: 'test' } });
    await client.next(FrameType.Welcome);
    return client;
  }

  get welcome(): WelcomePayload {
    const frame = this.all(FrameType.Welcome)[0];
    if (frame === undefined) {
      throw new Error('expected a welcome, got none yet');
    }
    return frame.payload;
  }

  get isClosed(): boolean {
    return this.closeCode !== null;
  }

  /** Sends a command under the next id, which it returns. */
  command(command: Command): number {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ ...command, id }));
    return id;
  }

  say(roomId: string, clientId: string, text: string): number {
    return this.command({ type: FrameType.MessageSend, payload: { roomId, clientId, text } });
  }

  all<T extends FrameType>(type: T): Of<T>[] {
    return this.frames.filter((frame): frame is Of<T> => frame.type === type);
  }

  /** The next frame of a type that no earlier `next` or `answer` gave. Frames of other types before it are skipped. */
  async next<T extends FrameType>(type: T): Promise<Of<T>> {
    await this.until(() => this.frames.slice(this.taken).some((frame) => frame.type === type) || this.isClosed, type);
    const index = this.frames.findIndex((frame, at) => at >= this.taken && frame.type === type);
    if (index < 0) {
      throw new Error(`expected ${type}, got close ${this.closeCode}`);
    }
    this.taken = index + 1;
    return this.frames[index] as Of<T>;
  }

  /** The frame that answers command `id`. */
  async answer(id: number): Promise<ServerFrame> {
    const find = (): ServerFrame | undefined => this.frames.find((frame) => frame.re === id);
    await this.until(() => find() !== undefined || this.isClosed, `the answer to ${id}`);
    const frame = find();
    if (frame === undefined) {
      throw new Error(`expected an answer to ${id}, got close ${this.closeCode}`);
    }
    return frame;
  }

  async refusal(id: number): Promise<ErrorPayload> {
    const frame = await this.answer(id);
    if (frame.type !== FrameType.Error) {
      throw new Error(`expected an error, got ${JSON.stringify(frame)}`);
    }
    return frame.payload;
  }

  /** After it, everything that the server sent to this connection before has arrived. */
  async fence(): Promise<void> {
    await this.answer(this.command({ type: FrameType.Ping, payload: { sentAtMs: 1 } }));
  }

  async closed(): Promise<number> {
    await this.until(() => this.isClosed, 'the close');
    return this.closeCode ?? 0;
  }

  async close(): Promise<void> {
    this.socket.close(1000);
    await this.closed();
  }

  async until(isTrue: () => boolean, what: string): Promise<void> {
    const deadline = new AbortController();
    const timeout = delay(PATIENCE_MS, undefined, { signal: deadline.signal, ref: false }).then(
      () =>
        Promise.reject(new Error(`waited ${PATIENCE_MS} ms for ${what}; got ${JSON.stringify(this.frames.slice(-3))}`)),
      () => undefined,
    );
    try {
      while (!isTrue()) {
        await Promise.race([new Promise<void>((resolve) => this.waiters.add(resolve)), timeout]);
      }
    } finally {
      deadline.abort();
    }
  }

  private wake(): void {
    const waiting = [...this.waiters];
    this.waiters.clear();
    waiting.forEach((resolve) => resolve());
  }
}
