import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { loadPeer, type PeerSocket } from '../../lib/peer-packages';
import type { MountPeer } from './peer';

interface UpgradeServer {
  handleUpgrade(request: unknown, socket: Duplex, head: Buffer, done: (webSocket: PeerSocket) => void): void;
}

interface FrameOptions {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: boolean;
  readonly readOnly: boolean;
  readonly rsv1: boolean;
}

interface WsPackage {
  readonly WebSocketServer: new (options: object) => UpgradeServer;
  readonly Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] };
}

interface Member {
  readonly webSocket: PeerSocket;
  readonly socket: Duplex;
}

type Broadcast = (members: ReadonlySet<Member>, text: string) => void;

const TEXT_FRAME: FrameOptions = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false };

async function mount(http: Server, broadcastWith: (ws: WsPackage) => Broadcast): Promise<void> {
  const ws = await loadPeer<WsPackage>('ws');
  const server = new ws.WebSocketServer({ noServer: true, perMessageDeflate: false });
  const broadcast = broadcastWith(ws);
  const members = new Set<Member>();
  http.on('upgrade', (request, socket: Duplex, head: Buffer) =>
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const member = { webSocket, socket };
      members.add(member);
      webSocket.on('error', () => undefined);
      webSocket.on('close', () => members.delete(member));
      webSocket.on('message', (data) => {
        const { text } = JSON.parse(data.toString()) as { readonly text: string };
        broadcast(members, JSON.stringify({ type: 'message', text }));
      });
    }),
  );
}

function preparedBy({ Sender }: WsPackage, text: string): Buffer {
  return Buffer.concat(Sender.frame(Buffer.from(text), TEXT_FRAME));
}

/** As in the tutorials: `send` to each. */
export const mountRaw: MountPeer = (http) =>
  mount(http, () => (members, text) => members.forEach(({ webSocket }) => webSocket.send(text)));

/** The frame's bytes once for all, and one write of them to each socket. */
export const mountPrepared: MountPeer = (http) =>
  mount(http, (ws) => (members, text) => {
    const frame = preparedBy(ws, text);
    members.forEach(({ socket }) => void socket.write(frame));
  });

/** The floor of what Node can do: all frames of one turn of the event loop, joined once, leave in one write to each socket. */
export const mountCoalesced: MountPeer = (http) =>
  mount(http, (ws) => {
    let frames: Buffer[] = [];
    return (members, text) => {
      if (frames.length === 0) {
        setImmediate(() => {
          const bytes = Buffer.concat(frames);
          frames = [];
          members.forEach(({ socket }) => void socket.write(bytes));
        });
      }
      frames.push(preparedBy(ws, text));
    };
  });
