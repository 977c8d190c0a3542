import { RawWebSocket } from '../lib/raw-web-socket';
import { nowMs } from '../lib/shared-clock';
import type { Dialect, Member, Speaker } from './dialects';

/** Looks at a payload; whether it held a chat message. */
export type TakePayload = (bytes: Buffer, start: number, end: number, atMs: number) => boolean;

const PATIENCE_MS = 30_000;

/** One member's connection. */
export class Line {
  private socket: RawWebSocket | null = null;
  private endCode: number | null = null;
  /** What is to be said before `open` has the socket: bytes can come with the handshake's answer. */
  private readonly early: string[] = [];
  private onReady: () => void = () => undefined;
  private onEnd: (code: number) => void = () => undefined;

  private constructor(
    private readonly speaker: Speaker,
    private readonly take: TakePayload,
  ) {}

  /** Resolves when messages may come. Rejects where the server closes before, or says nothing for 30 s. */
  static async open(port: number, dialect: Dialect, member: Member, take: TakePayload): Promise<Line> {
    const line = new Line(dialect.speak(member), take);
    const { path, protocol } = dialect;
    let timer: NodeJS.Timeout | undefined;
    const ready = new Promise<void>((done, fail) => {
      timer = setTimeout(() => fail(new Error(`${path}: expected to be let in, got no answer`)), PATIENCE_MS);
      line.onReady = done;
      line.onEnd = (code) => fail(new Error(`${path}: expected an open connection, got closed with ${code}`));
    });
    try {
      line.socket = await RawWebSocket.open({
        port,
        path,
        protocol,
        onPayload: (bytes, start, end) => line.hear(bytes, start, end),
        onClose: (code) => {
          line.endCode = code;
          line.onEnd(code);
        },
      });
      line.say([...line.early.splice(0), ...line.speaker.greeting]);
      if (line.speaker.isReadyAtOnce) {
        line.onReady();
      }
      await ready;
    } finally {
      clearTimeout(timer);
      line.onEnd = () => undefined;
    }
    return line;
  }

  /** With which code the server ended it; null while it is open. */
  get closeCode(): number | null {
    return this.endCode;
  }

  /** All in one write. */
  publish(texts: readonly string[]): void {
    this.say(texts.map((text) => this.speaker.publish(text)));
  }

  stayAlive(): void {
    const text = this.speaker.keepAlive();
    if (text !== '' && this.endCode === null) {
      this.say([text]);
    }
  }

  private say(texts: readonly string[]): void {
    if (texts.length === 0) {
      return;
    }
    if (this.socket === null) {
      this.early.push(...texts);
    } else {
      this.socket.send(texts);
    }
  }

  private hear(bytes: Buffer, start: number, end: number): void {
    if (this.take(bytes, start, end, nowMs())) {
      return;
    }
    const { say, isReady } = this.speaker.hear(bytes.toString('utf8', start, end));
    this.say(say);
    if (isReady) {
      this.onReady();
    }
  }
}
