import { type IncomingMessage, loadCore, loadCoreFile } from '../../../../host/src/node/load-core';
import { clock, logger, network, random } from '../../lib/node-ports';
import {
  type CentrifugePackage,
  defaultOf,
  type EventSocketClass,
  type IoClientPackage,
  loadPeer,
  type WsPackage,
} from '../../lib/peer-packages';
import { WsTransport } from '../../lib/ws-transport';
import type { MessageRecord } from '../../lib/record';

type ProtocolFile = typeof import('../../../../build/types/common/core/src/main/ets/realtime/ParleyProtocol.js');
type Take = (record: MessageRecord) => void;

export interface Contender {
  /** The language it wants, a key of `FRAMINGS`. */
  readonly path: string;
  /** Resolves when messages may come. */
  connect(url: string, take: Take): Promise<void>;
}

interface Envelope {
  readonly type: string;
  readonly payload: MessageRecord;
}

async function socketClass(): Promise<WsPackage['WebSocket']> {
  return (await loadPeer<WsPackage>('ws')).WebSocket;
}

/** What nobody can go below: the socket, the parser, one look at the type. */
const BARE: Contender = {
  path: 'json',
  async connect(url, take) {
    const socket = new (await socketClass())(url, [], { perMessageDeflate: false });
    socket.on('message', (data) => {
      const envelope = JSON.parse(data.toString()) as Envelope;
      if (envelope.type === 'message') {
        take(envelope.payload);
      }
    });
    await new Promise<void>((done) => socket.on('open', done));
  },
};

/** A manager with the default protocol: envelope checked, payload as it came. */
const PARLEY_JSON: Contender = {
  path: 'json',
  async connect(url, take) {
    const core = await loadCore();
    const manager = new core.AdvancedWebSocketManager({ url }, await realtimePorts());
    manager.onMessage('message', (message: IncomingMessage) => take(message.payload as MessageRecord));
    await manager.connect();
  },
};

/** A manager with `parley.v1`: hello and welcome, and every field of every frame checked. */
const PARLEY: Contender = {
  path: 'parley',
  async connect(url, take) {
    const core = await loadCore();
    const tokens = { accessToken: () => Promise.resolve('token'), freshAccessToken: () => Promise.resolve('token') };
    const { ParleyProtocol } = await loadCoreFile<ProtocolFile>('realtime/ParleyProtocol');
    const protocol = new ParleyProtocol(clock, tokens, 'bench', false);
    const manager = new core.AdvancedWebSocketManager({ url }, await realtimePorts(), protocol);
    manager.onMessage('room.event', (message: IncomingMessage) => {
      take((message.payload as { readonly payload: { readonly event: MessageRecord } }).payload.event);
    });
    await manager.connect();
  },
};

const SOCKET_IO: Contender = {
  path: 'socket.io',
  async connect(url, take) {
    const { io } = await loadPeer<IoClientPackage>('socket.io-client');
    const { origin, pathname, searchParams } = new URL(url);
    const socket = io(origin.replace('ws:', 'http:'), {
      path: pathname,
      query: Object.fromEntries(searchParams),
      transports: ['websocket'],
    });
    socket.on('message', take);
    await new Promise<void>((done) => socket.on('connect', () => done()));
  },
};

const CENTRIFUGE: Contender = {
  path: 'centrifuge',
  async connect(url, take) {
    const { Centrifuge } = await loadPeer<CentrifugePackage>('centrifuge');
    const client = new Centrifuge(url, { websocket: await socketClass() });
    const subscription = client.newSubscription('r_8Jq2mXw0');
    subscription.on('publication', ({ data }) => take(data as MessageRecord));
    const subscribed = new Promise<void>((done) => subscription.on('subscribed', done));
    subscription.subscribe();
    client.connect();
    await subscribed;
  },
};

function eventSocket(packageName: string, pick: (module: never) => EventSocketClass): Contender {
  return {
    path: 'json',
    async connect(url, take) {
      const Socket = pick((await loadPeer<object>(packageName)) as never);
      const socket = new Socket(url, [], { WebSocket: await socketClass() });
      socket.addEventListener('message', (event) => {
        const envelope = JSON.parse(event.data) as Envelope;
        if (envelope.type === 'message') {
          take(envelope.payload);
        }
      });
      await new Promise<void>((done) => socket.addEventListener('open', done));
    },
  };
}

/** In this order they take turns: what is compared in the verdict stands next to each other. */
export const CONTENDERS: Readonly<Record<string, Contender>> = {
  'ws + JSON.parse': BARE,
  'Parley (parley.v1)': PARLEY,
  'socket.io-client': SOCKET_IO,
  'Parley (JSON)': PARLEY_JSON,
  centrifuge: CENTRIFUGE,
  'reconnecting-websocket': eventSocket('reconnecting-websocket', (module) => defaultOf<EventSocketClass>(module)),
  partysocket: eventSocket('partysocket/ws', (module) => defaultOf<EventSocketClass>(module)),
};

async function realtimePorts() {
  return { clock, random, logger, network, transports: [new WsTransport(await socketClass())] };
}
