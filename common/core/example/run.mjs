/**
 * Runs TeaOrders.ets in Node: `node --import tsx common/core/example/run.mjs`. Starts the tea house (a plain `ws`
 * server), compiles the example from its source, and gives it Node's ports. Exits with 0 when all went well.
 */
import { WebSocket, WebSocketServer } from 'ws';
import { load } from './load.mjs';
import { ports } from './node-ports.mjs';

/** Counts each order once however often it comes, answers what has a number, and sends bytes back. */
async function openTeaHouse() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const orders = new Map();
  let notes = 0;
  const take = (socket, frame) => {
    const answer = (type, payload) => socket.send(JSON.stringify({ type, re: frame.id, payload }));
    if (frame.type === 'order') {
      orders.set(frame.payload.orderId, frame.payload.cups);
      const total = [...orders.values()].reduce((sum, cups) => sum + cups, 0);
      answer('receipt', { orderId: frame.payload.orderId, total });
    } else if (frame.type === 'ping') {
      answer('pong', { sentAtMs: frame.payload.sentAtMs, serverTimeMs: Date.now() });
    } else if (frame.type === 'note') {
      notes += frame.payload === notes ? 1 : 0;
    } else if (frame.type === 'notes.end') {
      answer('notes.counted', notes);
    } else if (frame.type === 'line.cut') {
      socket.terminate();
    }
  };
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        socket.send(data);
        return;
      }
      const value = JSON.parse(data.toString());
      for (const frame of Array.isArray(value) ? value : [value]) {
        if (socket.readyState === WebSocket.OPEN) {
          take(socket, frame);
        }
      }
    });
  });
  await new Promise((done) => server.once('listening', done));
  return server;
}

/** The port `Transport` on `ws`. */
const transport = {
  name: 'websocket',
  isBinaryCapable: true,
  open(url, subprotocols, listener) {
    const socket = new WebSocket(url, subprotocols);
    socket.binaryType = 'arraybuffer';
    let isHeard = true;
    socket.onopen = () => isHeard && listener.onOpen(socket.protocol);
    socket.onmessage = ({ data }) =>
      isHeard && (typeof data === 'string' ? listener.onText(data) : listener.onBinary(data));
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }) => isHeard && listener.onClose(code, reason);
    return {
      send(data) {
        if (socket.readyState !== WebSocket.OPEN) {
          throw new Error('not open');
        }
        socket.send(data);
      },
      close(code, reason) {
        isHeard = false;
        socket.close(code, reason);
      },
      bufferedBytes: () => socket.bufferedAmount,
    };
  },
};

const server = await openTeaHouse();
try {
  const { main } = await load(`export { main } from './TeaOrders';`);
  const url = `ws://127.0.0.1:${server.address().port}`;
  await main(url, { ...ports, transports: [transport] }, (line) => console.log(line));
} finally {
  server.clients.forEach((socket) => socket.terminate());
  server.close();
}
