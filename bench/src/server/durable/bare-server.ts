/**
 * Child process: the least that a durable send can be. Parse, one transaction for all that came in one turn of the event
 * loop, synced to disk, then the acks. No users, no order, no rooms, nobody else who is told.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { type Load, Meter } from '../../lib/meter';
import { loadPeer, type PeerSocket, type WsPackage } from '../../lib/peer-packages';
import { serve } from '../../lib/processes';

interface Send {
  readonly id: number;
  readonly payload: { readonly roomId: string; readonly clientId: string; readonly text: string };
}

interface Waiting {
  readonly socket: PeerSocket;
  readonly send: Send;
}

const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const db = new Database(join(dataDir, 'bare.db'));
db.exec('PRAGMA journal_mode = WAL');
db.exec('PRAGMA synchronous = FULL');
db.exec('CREATE TABLE messages (seq INTEGER PRIMARY KEY, room TEXT, client_id TEXT, at_ms INTEGER, text TEXT) STRICT');
const insert = db.prepare('INSERT INTO messages (room, client_id, at_ms, text) VALUES (?, ?, ?, ?)');
const { WebSocketServer } = await loadPeer<WsPackage>('ws');
const http = createServer();
const meter = new Meter();
let waiting: Waiting[] = [];

function commit(): void {
  const batch = waiting;
  waiting = [];
  const atMs = Date.now();
  db.exec('BEGIN IMMEDIATE');
  for (const { send } of batch) {
    insert.run(send.payload.roomId, send.payload.clientId, atMs, send.payload.text);
  }
  db.exec('COMMIT');
  for (const { socket, send } of batch) {
    socket.send(JSON.stringify({ type: 'message.ack', re: send.id }));
  }
}

new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    if (waiting.length === 0) {
      setImmediate(commit);
    }
    waiting.push({ socket, send: JSON.parse(data.toString()) as Send });
  });
});

serve(
  {
    async open(): Promise<{ port: number }> {
      await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
      return { port: (http.address() as AddressInfo).port };
    },
    startMeter: () => meter.start(),
    stopMeter: (): Load => meter.stop(),
  },
  () => {
    db.close();
    rmSync(dataDir, { recursive: true, force: true });
  },
);
