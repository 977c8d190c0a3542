import type { Core, Platform, Transport, TransportBench } from '../../src/node/load-core.js';
import { BenchServer } from './bench-server.js';

/** For what must come: only a test that fails waits as long. */
const DEADLINE_MS = 30_000;
const LOOK_MS = 5;
/** Turns of the event loop and of the network that count as "everything under way has happened". */
const QUIET_LOOKS = 10;

export const TRANSPORT_NAMES = ['websocket', 'sse', 'long-polling', 'socket.io'] as const;
export type TransportName = (typeof TRANSPORT_NAMES)[number];

/** The app's own transports, on the host's kits. */
export function makeTransport(name: TransportName, core: Core, platform: Platform): Transport {
  const logger = new core.RecordingLogger();
  const clock = new platform.SystemClock();
  switch (name) {
    case 'websocket':
      return new platform.WebSocketTransport(logger);
    case 'sse':
      return new core.SseTransport(new platform.KitHttpStream(clock), new platform.KitHttp(), clock, logger);
    case 'long-polling':
      return new core.LongPollTransport(new platform.KitHttp(), clock, logger);
    default:
      return new platform.SocketIoTransport(clock, logger);
  }
}

export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) {
      throw new Error(`${what}: expected within ${DEADLINE_MS} ms`);
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** A transport over real sockets. */
export async function makeRealBench(name: TransportName, core: Core, platform: Platform): Promise<TransportBench> {
  const server = await BenchServer.start(core);
  return {
    transport: makeTransport(name, core, platform),
    url: server.url,
    subprotocols: ['parley.v1'],
    async obstruct(obstacle): Promise<void> {
      server.obstacle = obstacle;
    },
    async serverSend(text): Promise<void> {
      server.peer?.send(text);
    },
    async serverSendBinary(data): Promise<void> {
      server.peer?.sendBinary(data);
    },
    async serverClose(code, reason): Promise<void> {
      server.peer?.close(code, reason);
    },
    async cut(): Promise<void> {
      server.obstacle = 'unreachable';
      server.peer?.cut();
    },
    received: () => server.received,
    until,
    async quiet(): Promise<void> {
      for (let look = 0; look < QUIET_LOOKS; look++) {
        await new Promise((done) => setTimeout(done, LOOK_MS));
      }
      await until('nothing left over', () => server.leftovers() === '');
    },
    leftovers: () => server.leftovers(),
    dispose: () => server.close(),
  };
}
