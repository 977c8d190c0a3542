/** Child process: a plain `ws` server that speaks each contender's own language and pushes records by a schedule. */
import { loadPeer, type PeerSocket, type WsPackage } from '../../lib/peer-packages';
import { runOpenLoop, type Schedule } from '../../lib/open-loop';
import { serve } from '../../lib/processes';
import { waitUntil } from '../../lib/shared-clock';
import { type Framing, FRAMINGS } from './framings';
import { recordOf } from '../../lib/record';

interface Client {
  readonly socket: PeerSocket & { readonly _socket?: { cork(): void; uncork(): void } };
  readonly framing: Framing;
}

interface PushOrder {
  readonly contender: string;
  readonly schedule: Schedule;
}

const { WebSocketServer } = await loadPeer<WsPackage>('ws');
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const clients = new Map<string, Client>();
await new Promise<void>((done) => server.on('listening', done));

server.on('connection', (socket, request) => {
  const url = new URL(request.url ?? '/', 'ws://localhost');
  const framing = FRAMINGS[url.pathname.split('/')[1] ?? ''];
  if (framing === undefined) {
    socket.close(1008, 'no such language');
    return;
  }
  clients.set(url.searchParams.get('contender') ?? '', { socket, framing });
  framing.greeting.forEach((text) => socket.send(text));
  socket.on('message', (data) => framing.answer(data.toString()).forEach((text) => socket.send(text)));
  socket.on('error', () => undefined);
});

serve({
  port: () => server.address().port,
  /** Messages of one burst leave in one write, as a busy room's do. */
  async push({ contender, schedule }: PushOrder): Promise<void> {
    const client = clients.get(contender);
    if (client === undefined) {
      throw new Error(`${contender} is not connected`);
    }
    const { socket, framing } = client;
    await waitUntil(schedule.startAtMs);
    await runOpenLoop(schedule, (from, to) => {
      socket._socket?.cork();
      for (let index = from; index < to; index++) {
        socket.send(framing.wrap(recordOf(index + 1)));
      }
      socket._socket?.uncork();
    });
  },
});
