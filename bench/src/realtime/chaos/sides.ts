import { connectChat } from '../../lib/parley-client';
import type { Seat } from '../../lib/parley-filling';
import {
  defaultOf,
  type EventSocketClass,
  type IoClientPackage,
  type IoClientSocket,
  loadPeer,
  type WsPackage,
} from '../../lib/peer-packages';
import { WsTransport } from '../../lib/ws-transport';

export interface Line {
  /** Of the client's own relay. */
  readonly port: number;
  readonly room: number;
  /** Where the contender is Parley. */
  readonly seat: Seat | null;
}

/** One contender's client library. Receivers use their relay, publishers the server itself: their lines are never cut. */
export interface Side {
  receive(line: Line, take: (text: string) => void): Promise<void>;
  /** Resolves to how to say something in `line.room`. */
  publisher(line: Line): Promise<(text: string) => void>;
}

async function socketClass(): Promise<WsPackage['WebSocket']> {
  return (await loadPeer<WsPackage>('ws')).WebSocket;
}

const PARLEY: Side = {
  async receive({ port, seat }, take) {
    await connectChat(seat as Seat, port, [new WsTransport(await socketClass())], take);
  },
  async publisher({ port, seat }) {
    const { roomId } = seat as Seat;
    const chat = await connectChat(seat as Seat, port, [new WsTransport(await socketClass())], () => undefined);
    return (text) => void chat.sendMessage(roomId, text);
  },
};

/** `options` on top of the library's defaults. */
function socketIo(options: object): Side {
  const open = async ({ port, room }: Line): Promise<IoClientSocket> => {
    const { io } = await loadPeer<IoClientPackage>('socket.io-client');
    return io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, query: { room }, ...options });
  };
  const connected = (socket: IoClientSocket): Promise<void> =>
    new Promise((done) => (socket.connected ? done() : socket.on('connect', () => done())));
  return {
    async receive(line, take) {
      const socket = await open(line);
      socket.on('message', take);
      await connected(socket);
    },
    async publisher(line) {
      const socket = await open({ ...line, room: -1 });
      await connected(socket);
      return (text) => void socket.emit('publish', { room: line.room, text });
    },
  };
}

const RECONNECTING_WEBSOCKET: Side = {
  async receive({ port, room }, take) {
    const Socket = defaultOf<EventSocketClass>(await loadPeer('reconnecting-websocket'));
    const socket = new Socket(`ws://127.0.0.1:${port}/?room=${room}`, [], { WebSocket: await socketClass() });
    socket.addEventListener('message', ({ data }) => take(data));
    await new Promise<void>((done) => socket.addEventListener('open', done));
  },
  async publisher({ port, room }) {
    const socket = new (await socketClass())(`ws://127.0.0.1:${port}/`, [], { perMessageDeflate: false });
    await new Promise<void>((done) => socket.on('open', done));
    return (text) => socket.send(JSON.stringify({ room, text }));
  },
};

export interface Contender {
  readonly side: Side;
  /** The server's file below bench/src, and its arguments. */
  readonly server: string;
  readonly serverArguments: readonly string[];
}

const IO_SERVER = 'realtime/chaos/socket-io-server.ts';

export const RECOVERY = 'socket.io + recovery';

export const CONTENDERS: Readonly<Record<string, Contender>> = {
  Parley: { side: PARLEY, server: 'lib/parley-server.ts', serverArguments: [] },
  'socket.io': { side: socketIo({}), server: IO_SERVER, serverArguments: [] },
  [RECOVERY]: { side: socketIo({}), server: IO_SERVER, serverArguments: ['recovery'] },
  /** As eager as Parley is by default: how much of the difference is only a setting? */
  'socket.io + recovery, delay 500 ms': {
    side: socketIo({ reconnectionDelay: 500 }),
    server: IO_SERVER,
    serverArguments: ['recovery'],
  },
  'reconnecting-websocket': {
    side: RECONNECTING_WEBSOCKET,
    server: 'realtime/chaos/ws-server.ts',
    serverArguments: [],
  },
};
