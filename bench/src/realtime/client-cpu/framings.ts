import { encodeServerFrame } from '../../../../common/core/src/main/ets/wire/ServerFrames';
import { type EventKind, FrameType } from '../../../../common/core/src/main/ets/wire/Frames';
import { type MessageRecord, recordOf } from '../../lib/record';

/** How one language opens a connection and wraps a record. `answer` gets the client's text and gives what to say. */
export interface Framing {
  readonly greeting: readonly string[];
  answer(text: string): readonly string[];
  wrap(record: MessageRecord): string;
}

function quiet(): readonly string[] {
  return [];
}

const JSON_ENVELOPE: Framing = {
  greeting: [],
  answer: quiet,
  wrap: (record) => JSON.stringify({ type: 'message', payload: record }),
};

const PARLEY: Framing = {
  greeting: [],
  answer(text) {
    const frame = JSON.parse(text) as { readonly type: string; readonly id: number };
    if (frame.type !== 'hello') {
      return [];
    }
    const payload = {
      connectionId: 'k_1',
      userId: 'u_ann',
      userName: 'Ann',
      serverTimeMs: Date.now(),
      heartbeatMs: 25_000,
      tokenExpiresInMs: 3_600_000,
      rooms: [],
    };
    return [encodeServerFrame({ type: FrameType.Welcome, re: frame.id, payload })];
  },
  wrap: (record) =>
    encodeServerFrame({
      type: FrameType.RoomEvent,
      re: 0,
      payload: { epoch: 'e_5tYb', event: { ...record, kind: record.kind as EventKind.Message } },
    }),
};

/** Engine.IO 4 and Socket.IO 5: open packet, then the answer to the client's connect packet. */
const SOCKET_IO: Framing = {
  greeting: ['0{"sid":"s1","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'],
  answer: (text) => (text.startsWith('40') ? ['40{"sid":"s2"}'] : []),
  wrap: (record) => `42${JSON.stringify(['message', record])}`,
};

/** Centrifugo's JSON protocol: commands are answered by their id, publications are pushed. */
const CENTRIFUGE: Framing = {
  greeting: [],
  answer: (text) =>
    text
      .split('\n')
      .filter((line) => line !== '' && line !== '{}')
      .map((line) => {
        const command = JSON.parse(line) as { readonly id: number; readonly connect?: object };
        return JSON.stringify(
          command.connect !== undefined
            ? { id: command.id, connect: { client: 'c1', version: '', ping: 25, pong: true } }
            : { id: command.id, subscribe: {} },
        );
      }),
  wrap: (record) => JSON.stringify({ push: { channel: record.roomId, pub: { data: record, offset: record.seq } } }),
};

/** By the first part of the path under which the client connects. */
export const FRAMINGS: Readonly<Record<string, Framing>> = {
  json: JSON_ENVELOPE,
  parley: PARLEY,
  'socket.io': SOCKET_IO,
  centrifuge: CENTRIFUGE,
};

/** Bytes of the text of one message in each language. */
export function frameBytes(path: string): number {
  return Buffer.byteLength(FRAMINGS[path]?.wrap(recordOf(10_000)) ?? '');
}
