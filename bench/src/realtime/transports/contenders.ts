import { loadCore, loadPlatform, type Transport } from '../../../../host/src/node/load-core';
import { clock, logger } from '../../lib/node-ports';
import { type IoClientPackage, loadPeer, type WsPackage } from '../../lib/peer-packages';
import { WsTransport } from '../../lib/ws-transport';
import { SocketIoClientTransport } from './socket-io-transport';

export interface Carrier {
  /** Whether the session offers MessagePack. */
  readonly isBinary: boolean;
  transport(): Promise<Transport>;
}

async function webSocket(): Promise<Transport> {
  return new WsTransport((await loadPeer<WsPackage>('ws')).WebSocket);
}

/** The five ways to carry `parley.v1`. Those over HTTP are core's own, on the host's HTTP kit. */
export const CARRIERS: Readonly<Record<string, Carrier>> = {
  websocket: { isBinary: false, transport: webSocket },
  'websocket, MessagePack': { isBinary: true, transport: webSocket },
  sse: {
    isBinary: false,
    async transport() {
      const [core, platform] = [await loadCore(), await loadPlatform()];
      return new core.SseTransport(new platform.KitHttpStream(clock), new platform.KitHttp(), clock, logger);
    },
  },
  'long-polling': {
    isBinary: false,
    async transport() {
      const [core, platform] = [await loadCore(), await loadPlatform()];
      return new core.LongPollTransport(new platform.KitHttp(), clock, logger);
    },
  },
  'socket.io': {
    isBinary: false,
    async transport() {
      return new SocketIoClientTransport(await loadPeer<IoClientPackage>('socket.io-client'));
    },
  },
};
