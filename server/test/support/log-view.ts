import {
  EventKind,
  FrameType,
  type RoomEvent,
  type RoomEventFrame,
  type ServerFrame,
} from '../../../common/core/src/main/ets/wire/Frames';
import { SocketClient } from './socket-client';

/** One device of a user: loses its connection at any time and follows one room's log by the rules of PROTOCOL.md. */
export class LogView {
  /** What the device shows: every event, in order. */
  readonly events: RoomEvent[] = [];
  /** The seq of each acknowledged client id. */
  readonly acks = new Map<string, number>();
  /** Rules that the server broke. */
  readonly complaints: string[] = [];
  private readonly early = new Map<number, RoomEvent>();
  private client: SocketClient | null = null;
  private newestOnConnection = 0;

  constructor(
    private readonly url: () => string,
    private readonly token: string,
    private readonly roomId: string,
  ) {}

  get position(): number {
    return this.events.length;
  }

  async connect(): Promise<void> {
    if (this.client !== null && !this.client.isClosed) {
      return;
    }
    this.newestOnConnection = 0;
    const client = await SocketClient.connect(this.url());
    client.onFrame = (frame) => this.see(frame);
    client.command({ type: FrameType.Hello, payload: { token: this.token, client: 'view' } });
    this.client = client;
    await client.next(FrameType.Welcome);
    const room = client.welcome.rooms.find((one) => one.roomId === this.roomId);
    if (room === undefined) {
      throw new Error(`expected room ${this.roomId} in welcome`);
    }
    if (room.headSeq > this.position) {
      const payload = { roomId: this.roomId, epoch: room.epoch, afterSeq: this.position };
      client.command({ type: FrameType.LogResume, payload });
    }
  }

  drop(): void {
    this.client?.socket.terminate();
    this.client = null;
  }

  /** Sends if connected; what is not acknowledged the caller sends again. */
  say(clientId: string, text: string): void {
    if (this.client !== null && !this.client.isClosed) {
      this.client.say(this.roomId, clientId, text);
    }
  }

  async fence(): Promise<void> {
    await this.client?.fence();
  }

  async sayAndWait(clientId: string, text: string): Promise<void> {
    const { client } = this;
    if (client === null) {
      throw new Error('expected a connection');
    }
    await client.answer(client.say(this.roomId, clientId, text));
  }

  private see(frame: ServerFrame): void {
    if (frame.type === FrameType.MessageAck) {
      this.acknowledged(frame.payload.clientId, frame.payload.seq);
    } else if (frame.type === FrameType.RoomEvent) {
      this.checkOrder(frame);
      this.take([frame.payload.event]);
    } else if (frame.type === FrameType.LogResumed) {
      if (!frame.payload.recovered) {
        this.complaints.push('a position that exists was not recovered');
      }
      this.take(frame.payload.events);
    } else if (frame.type === FrameType.Error) {
      this.complaints.push(`error ${frame.payload.code}`);
    }
  }

  private acknowledged(clientId: string, seq: number): void {
    const before = this.acks.get(clientId) ?? seq;
    if (before !== seq) {
      this.complaints.push(`${clientId} was acknowledged as ${before} and as ${seq}`);
    }
    this.acks.set(clientId, seq);
  }

  private checkOrder(frame: RoomEventFrame): void {
    const { seq } = frame.payload.event;
    if (seq <= this.newestOnConnection) {
      this.complaints.push(`event ${seq} came after ${this.newestOnConnection} on one connection`);
    }
    if (this.newestOnConnection > 0 && seq > this.newestOnConnection + 1) {
      this.complaints.push(`event ${seq} came right after ${this.newestOnConnection} on one connection`);
    }
    this.newestOnConnection = seq;
  }

  private take(events: readonly RoomEvent[]): void {
    events.forEach((event) => this.early.set(event.seq, event));
    for (;;) {
      const next = this.early.get(this.position + 1);
      if (next === undefined) {
        return;
      }
      this.early.delete(next.seq);
      this.events.push(next);
    }
  }
}

/** The client ids of the messages, in the order of the log. */
export function clientIdsOf(events: readonly RoomEvent[]): string[] {
  return events.filter((event) => event.kind === EventKind.Message).map((event) => `${event.userId} ${event.clientId}`);
}
