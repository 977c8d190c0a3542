import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { TestServer } from '../support/test-server';
import { until } from '../support/until';
import { Bystanders } from './bystanders';

const NAME = '/parley.notices.v1';

/** What is written below Socket.IO's client, and whether the connection survives it. */
interface Row {
  readonly what: string;
  readonly write: (people: Bystanders) => string[];
  readonly survives: boolean;
}

function times(count: number, text: (at: number) => string): string[] {
  return Array.from({ length: count }, (_, at) => text(at));
}

/** Packets of Socket.IO: 0 connect, 1 disconnect, 2 event, 3 acknowledgement, 4 refusal, 5 event with bytes. */
const ROWS: readonly Row[] = [
  { what: 'a room of others to join', write: ({ ann }) => [`2${NAME},["join","user:${ann.userId}"]`], survives: true },
  {
    what: 'a token of others to go on with',
    write: ({ ann }) => [`21,["auth"]`, `2${NAME},1["auth",{"token":"${ann.tokens.accessToken}"}]`],
    survives: false,
  },
  {
    what: 'the token of others, in its own namespace',
    write: ({ ann }) => [`2${NAME},1["auth",{"token":"${ann.tokens.accessToken}"}]`],
    survives: true,
  },
  {
    what: 'a poisoned prototype',
    write: () => [
      `2${NAME},1["auth",{"__proto__":{"token":"x","polluted":1},"constructor":{"prototype":{"polluted":1}}}]`,
    ],
    survives: true,
  },
  {
    what: 'arguments of 10,000 levels',
    write: () => [`2${NAME},["x",${'['.repeat(10_000)}${']'.repeat(10_000)}]`],
    survives: true,
  },
  {
    what: 'an event named as a method',
    write: () => [`2${NAME},["__proto__"]`, `2${NAME},["toString"]`, `2${NAME},[7]`],
    survives: true,
  },
  { what: 'an event that is reserved', write: () => [`2${NAME},["disconnect"]`], survives: false },
  { what: 'an event that is no list', write: () => [`2${NAME},{"auth":1}`], survives: false },
  { what: 'JSON without an end', write: () => [`2${NAME},["auth"`], survives: false },
  {
    what: 'acknowledgements that nobody asked for',
    write: () => times(5000, (at) => `3${NAME},${at}[{}]`),
    survives: true,
  },
  { what: 'a refusal of its own', write: () => [`4${NAME},{"message":"x"}`], survives: false },
  {
    what: 'bytes that never come',
    write: () => [`51-${NAME},["auth",{"_placeholder":true,"num":0}]`, `2${NAME},["x"]`],
    survives: false,
  },
  {
    what: 'bytes by the hundred thousand',
    write: () => [`5100000-${NAME},["auth",{"_placeholder":true,"num":0}]`],
    survives: false,
  },
  { what: 'a packet of no type', write: () => [`9${NAME},[]`], survives: false },
  { what: 'a second way in', write: () => [`0${NAME},{"token":"x"}`], survives: false },
  { what: 'a flood of events', write: () => times(5000, () => `2${NAME},["notice","x"]`), survives: false },
  {
    what: 'a flood of tokens that are none',
    write: () => times(5000, (at) => `2${NAME},${at}["auth",{"token":"x"}]`),
    survives: false,
  },
  { what: 'a flood of names to try', write: () => times(5000, (at) => `0/name${at},{}`), survives: false },
  { what: 'a packet above the limit', write: () => [`2${NAME},["x","${'x'.repeat(140_000)}"]`], survives: false },
];

describe('hostile packets in the namespace of notices', () => {
  let server: TestServer;
  let people: Bystanders;

  before(async () => {
    server = await TestServer.start();
    people = await Bystanders.of(server);
  });
  after(async () => {
    await people.leave();
    await server.stop();
  });

  /** Returns what came in the meantime. */
  async function outcome(socket: Socket, texts: string[], survives: boolean): Promise<string> {
    const { engine } = socket.io;
    const heard: string[] = [];
    engine.on('data', (data) => heard.push(String(data)));
    texts.forEach((text) => engine.write(text));
    if (survives) {
      // Refused: its answer shows that everything before it was read.
      engine.write('0/fence,{}');
      await until(() => heard.some((text) => text.startsWith('4/fence,')), 'the answer behind it');
      assert.equal(socket.connected, true);
    } else {
      await until(() => engine.readyState === 'closed', 'the end of the connection');
    }
    return heard.join('\n');
  }

  ROWS.forEach(({ what, write, survives }) => {
    test(`${what}: ${survives ? 'nothing comes of it' : 'its connection ends'}`, async () => {
      const socket = io(`${server.baseUrl}${NAME}`, {
        path: '/v1/socket.io',
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        auth: { token: people.eve.tokens.accessToken },
      });
      await until(() => socket.connected, 'the namespace');
      people.leakedNothingInto(await outcome(socket, write(people), survives));
      socket.disconnect();
      await people.areUndisturbed();
    });
  });
});
