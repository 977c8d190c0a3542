import type { Server } from 'node:http';
import { defaultOf, type IoServerPackage, loadPeer } from '../../lib/peer-packages';
import type { MountPeer } from './peer';

interface Publication {
  readonly text: string;
}

interface FayePackage {
  readonly NodeAdapter: new (options: object) => { attach(http: Server): void };
}

interface SockJsConnection {
  write(text: string): void;
  on(event: 'data', listener: (text: string) => void): void;
  on(event: 'close', listener: () => void): void;
}

interface SockJsPackage {
  createServer(options: object): {
    on(event: 'connection', listener: (connection: SockJsConnection) => void): void;
    installHandlers(http: Server): void;
  };
}

interface Spark {
  on(event: 'data', listener: (data: Publication) => void): void;
}

type PrimusClass = new (
  http: Server,
  options: object,
) => { write(data: unknown): void; on(event: 'connection', listener: (spark: Spark) => void): void };

const ROOM = 'room';

/** With the room that every tutorial uses; it prepares a broadcast's frame once by itself. */
export const mountSocketIo: MountPeer = async (http) => {
  const { Server: IoServer } = await loadPeer<IoServerPackage>('socket.io');
  const io = new IoServer(http, { transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => {
    socket.join(ROOM);
    socket.on('publish', ({ text }: Publication) => io.to(ROOM).emit('message', { text }));
  });
};

/** Its server does all: members subscribe to a channel and publish there. */
export const mountFaye: MountPeer = async (http) => {
  const { NodeAdapter } = defaultOf<FayePackage>(await loadPeer('faye'));
  new NodeAdapter({ mount: '/faye', timeout: 45 }).attach(http);
};

export const mountSockJs: MountPeer = async (http) => {
  const server = defaultOf<SockJsPackage>(await loadPeer('sockjs')).createServer({
    prefix: '/sockjs',
    log: () => undefined,
  });
  const members = new Set<SockJsConnection>();
  server.on('connection', (connection) => {
    members.add(connection);
    connection.on('close', () => members.delete(connection));
    connection.on('data', (data) => {
      const { text } = JSON.parse(data) as Publication;
      const message = JSON.stringify({ type: 'message', text });
      members.forEach((member) => member.write(message));
    });
  });
  server.installHandlers(http);
};

/** On its transformer for `ws`. */
export const mountPrimus: MountPeer = async (http) => {
  const Primus = defaultOf<PrimusClass>(await loadPeer('primus'));
  const primus = new Primus(http, { transformer: 'websockets', pathname: '/primus', iknowhttpsisbetter: true });
  primus.on('connection', (spark) => {
    spark.on('data', ({ text }) => primus.write({ type: 'message', text }));
  });
};
