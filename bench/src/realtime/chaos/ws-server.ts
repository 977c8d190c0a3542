/** Child process: the plain `ws` server of the tutorials. Who is connected gets the message, who is not does not. */
import { type Load, Meter } from '../../lib/meter';
import { loadPeer, type PeerSocket, type WsPackage } from '../../lib/peer-packages';
import { serve } from '../../lib/processes';

interface Publication {
  readonly room: number;
  readonly text: string;
}

const { WebSocketServer } = await loadPeer<WsPackage>('ws');
const rooms = new Map<string, Set<PeerSocket>>();
const meter = new Meter();

serve({
  async open(): Promise<{ port: number }> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    await new Promise<void>((done) => server.on('listening', done));
    server.on('connection', (socket, request) => {
      const room = new URL(request.url ?? '/', 'ws://localhost').searchParams.get('room') ?? '';
      const members = rooms.get(room) ?? new Set<PeerSocket>();
      rooms.set(room, members.add(socket));
      socket.on('error', () => undefined);
      socket.on('close', () => members.delete(socket));
      socket.on('message', (data) => {
        const publication = JSON.parse(data.toString()) as Publication;
        rooms.get(String(publication.room))?.forEach((member) => member.send(publication.text));
      });
    });
    return { port: server.address().port };
  },
  startMeter: () => meter.start(),
  stopMeter: (): Load => meter.stop(),
});
