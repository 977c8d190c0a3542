import { setTimeout as delay } from 'node:timers/promises';
import {
  type ClientFrame,
  type ErrorPayload,
  FrameType,
  type ServerFrame,
  type WelcomePayload,
} from '../../../common/core/src/main/ets/wire/Frames';
import { decodeServerFrames } from '../../../common/core/src/main/ets/wire/ServerFrames';

type Of<T extends FrameType> = Extract<ServerFrame, { type: T }>;
export type Command = ClientFrame extends infer F ? (F extends ClientFrame ? Omit<F, 'id'> : never) : never;

/** A test that waits longer than this has failed; no rule of the protocol depends on it. */
const PATIENCE_MS = 30_000;

/** A client that records every frame, decoded by wire, in the order of arrival. What carries the frames is the subclass's. */
export abstract class FrameClient {
  readonly frames: ServerFrame[] = [];
  /** Called for each frame as it arrives, before anything else runs. */
  onFrame: (frame: ServerFrame) => void = () => undefined;
  private readonly waiters = new Set<() => void>();
  private taken = 0;
  private lastId = 0;
  private closeCode: number | null = null;

  /** Sends one message with `frames`, one frame as itself and several as a batch. */
  abstract sendFrames(frames: ClientFrame[]): void;

  /** Says good-bye as the carrier says it, and waits until it is gone. */
  abstract close(): Promise<void>;

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

  /** A command under the next id, for `sendFrames`. */
  number(command: Command): ClientFrame {
    return { ...command, id: ++this.lastId };
  }

  /** Sends a command under the next id, which it returns. */
  command(command: Command): number {
    const frame = this.number(command);
    this.sendFrames([frame]);
    return frame.id;
  }

  hello(token: string): number {
    return this.command({ type: FrameType.Hello, payload: { token, client: 'test' } });
  }

  say(roomId: string, clientId: string, text: string, fileId = ''): number {
    const payload = fileId === '' ? { roomId, clientId, text } : { roomId, clientId, text, fileId };
    return this.command({ type: FrameType.MessageSend, payload });
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

  /** One message arrived. */
  protected received(data: string | Uint8Array): void {
    decodeServerFrames(data).forEach((frame) => {
      this.frames.push(frame);
      this.onFrame(frame);
    });
    this.wake();
  }

  /** The carrier is gone; only the first call counts. */
  protected ended(code: number): void {
    this.closeCode ??= code;
    this.wake();
  }

  protected wake(): void {
    const waiting = [...this.waiters];
    this.waiters.clear();
    waiting.forEach((resolve) => resolve());
  }
}
