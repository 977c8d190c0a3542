/** The languages of the contenders, as much of them as a member of a room speaks. */
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { PROTOCOL_NAME } from '../../../common/core/src/main/ets/wire/Limits';

/** Whose connection it is, where the contender knows its users. */
export interface Member {
  readonly roomId: string;
  readonly token: string;
}

export interface Answer {
  readonly say: readonly string[];
  /** From now on messages of the room may come. */
  readonly isReady: boolean;
}

export interface Dialect {
  readonly path: string;
  /** Subprotocol; empty for none. */
  readonly protocol: string;
  /** A fresh speaker for one connection. */
  speak(member: Member): Speaker;
}

export interface Speaker {
  /** What to say when the socket is open. */
  readonly greeting: readonly string[];
  /** No answer of the server has to come before messages can. */
  readonly isReadyAtOnce: boolean;
  /** What to say to a text of the server that holds no chat message. */
  hear(text: string): Answer;
  publish(text: string): string;
  /** Said now and then, where silence would end the connection; empty for nothing. */
  keepAlive(): string;
}

const QUIET: Answer = { say: [], isReady: false };
const READY: Answer = { say: [], isReady: true };

function noKeepAlive(): string {
  return '';
}

/** JSON on a bare socket: who is connected is in the room. */
const PLAIN: Dialect = {
  path: '/',
  protocol: '',
  speak: () => ({
    greeting: [],
    isReadyAtOnce: true,
    hear: () => QUIET,
    publish: (text) => JSON.stringify({ type: 'message', text }),
    keepAlive: noKeepAlive,
  }),
};

/** `parley.v1`. A client that says nothing for two heartbeats is closed, so it pings. */
const PARLEY: Dialect = {
  path: '/v1/ws',
  protocol: PROTOCOL_NAME,
  speak({ roomId, token }) {
    let id = 0;
    const command = (type: FrameType, payload: object): string => JSON.stringify({ type, id: ++id, payload });
    return {
      greeting: [command(FrameType.Hello, { token, client: 'bench' })],
      isReadyAtOnce: false,
      hear: (text) => (text.startsWith(`{"type":"${FrameType.Welcome}"`) ? READY : QUIET),
      publish: (text) => {
        const clientId = `c_${token.slice(-12)}_${id}`;
        return command(FrameType.MessageSend, { roomId, clientId, text });
      },
      keepAlive: () => command(FrameType.Ping, { sentAtMs: 0 }),
    };
  },
};

/** Engine.IO 4 and Socket.IO 5. The server pings, the client answers. */
const SOCKET_IO: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  protocol: '',
  speak: () => ({
    greeting: [],
    isReadyAtOnce: false,
    hear(text) {
      if (text.startsWith('40')) {
        return READY;
      }
      return text.startsWith('0')
        ? { say: ['40'], isReady: false }
        : text === '2'
          ? { say: ['3'], isReady: false }
          : QUIET;
    },
    publish: (text) => `42${JSON.stringify(['publish', { text }])}`,
    keepAlive: noKeepAlive,
  }),
};

interface BayeuxMessage {
  readonly channel: string;
  readonly successful?: boolean;
  readonly clientId?: string;
}

export const FAYE_CHANNEL = '/room';

/** Bayeux 1.0. A connect waits at the server all the time; its answer is followed by the next one. */
const FAYE: Dialect = {
  path: '/faye',
  protocol: '',
  speak() {
    let clientId = '';
    const say = (message: object): string => JSON.stringify([message]);
    const connect = (): string => say({ channel: '/meta/connect', clientId, connectionType: 'websocket' });
    const hearOne = (message: BayeuxMessage): Answer => {
      if (message.successful === false) {
        throw new Error(`faye: expected success, got ${JSON.stringify(message)}`);
      }
      switch (message.channel) {
        case '/meta/handshake':
          clientId = message.clientId ?? '';
          return {
            say: [connect(), say({ channel: '/meta/subscribe', clientId, subscription: FAYE_CHANNEL })],
            isReady: false,
          };
        case '/meta/connect':
          return { say: [connect()], isReady: false };
        default:
          return message.channel === '/meta/subscribe' ? READY : QUIET;
      }
    };
    return {
      greeting: [say({ channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['websocket'] })],
      isReadyAtOnce: false,
      hear(text) {
        const answers = (JSON.parse(text) as BayeuxMessage[]).map(hearOne);
        return { say: answers.flatMap((one) => one.say), isReady: answers.some((one) => one.isReady) };
      },
      publish: (text) => say({ channel: FAYE_CHANNEL, clientId, data: { text } }),
      keepAlive: noKeepAlive,
    };
  },
};

/** SockJS frames: `o` opens, `a[…]` brings messages, `h` is a heartbeat. */
const SOCKJS: Dialect = {
  path: '/sockjs/000/bench/websocket',
  protocol: '',
  speak: () => ({
    greeting: [],
    isReadyAtOnce: false,
    hear: (text) => (text === 'o' ? READY : QUIET),
    publish: (text) => JSON.stringify([JSON.stringify({ type: 'message', text })]),
    keepAlive: noKeepAlive,
  }),
};

/** JSON; the server's heartbeat is a text that is answered. */
const PRIMUS: Dialect = {
  path: '/primus/',
  protocol: '',
  speak: () => ({
    greeting: [],
    isReadyAtOnce: true,
    hear: (text) =>
      text.startsWith('"primus::ping::') ? { say: [text.replace('ping', 'pong')], isReady: false } : QUIET,
    publish: (text) => JSON.stringify({ type: 'message', text }),
    keepAlive: noKeepAlive,
  }),
};

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  plain: PLAIN,
  parley: PARLEY,
  'socket.io': SOCKET_IO,
  faye: FAYE,
  sockjs: SOCKJS,
  primus: PRIMUS,
};
