/** Child process: a Socket.IO server with rooms; `recovery` as argument turns connection state recovery on. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Load, Meter } from '../../lib/meter';
import { type IoServerPackage, loadPeer } from '../../lib/peer-packages';
import { serve } from '../../lib/processes';

interface Publication {
  readonly room: number;
  readonly text: string;
}

const { Server } = await loadPeer<IoServerPackage>('socket.io');
const http = createServer();
/** Two minutes is the documented default; middleware is not in use. */
const recovery = { connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true } };
const io = new Server(http, { transports: ['websocket'], ...(process.argv[2] === 'recovery' ? recovery : {}) });
const meter = new Meter();

io.on('connection', (socket) => {
  socket.join(`room ${socket.handshake.query['room']}`);
  socket.on('publish', ({ room, text }: Publication) => io.to(`room ${room}`).emit('message', text));
});

serve({
  async open(): Promise<{ port: number }> {
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    return { port: (http.address() as AddressInfo).port };
  },
  startMeter: () => meter.start(),
  stopMeter: (): Load => meter.stop(),
});
