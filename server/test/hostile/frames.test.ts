import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import type { CarrierClient } from '../support/carrier-client';
import { type Carrier, CARRIERS } from '../support/carriers';
import { EXAMPLES } from '../support/protocol-page';
import { TestServer } from '../support/test-server';
import { Bystanders } from './bystanders';
import { forgedTokens, SECRET } from './forged-tokens';

interface Row {
  readonly what: string;
  /** A frame (or any value), or what is done with the client. */
  readonly send: (client: CarrierClient, people: Bystanders) => void;
  /** `code field` of the error, a frame's type, or `close CODE`. */
  readonly expect: string;
}

type Payload = Readonly<Record<string, unknown>>;

const ID = 7;

function frame(type: string, payload: unknown): object {
  return { type, id: ID, payload };
}

function sends(what: string, make: (people: Bystanders) => object, expect: string): Row {
  return { what, send: (client, people) => client.sendValue(make(people)), expect };
}

/** Its own id and key are what `JSON.parse` makes of text: `__proto__` is a field there. */
function polluted(type: string, payload: object): object {
  const text = JSON.stringify({ type, id: ID, payload });
  const poison = '"__proto__":{"polluted":1,"payload":{}},"constructor":{"prototype":{"polluted":1}}';
  return JSON.parse(
    text.replace('{', `{${poison},`).replace('"payload":{', `"payload":{${poison},`).replaceAll(',}', '}'),
  ) as object;
}

const OTHERS: readonly Row[] = [
  sends('a message to a room of others', ({ roomId }) => message({ roomId }), 'not_member '),
  sends('a message to a room that is none', () => message({ roomId: 'r_nowhere' }), 'not_member '),
  sends(
    'a file of others',
    ({ eveRoomId, fileId }) => message({ roomId: eveRoomId, fileId }),
    'not_found payload.fileId',
  ),
  sends(
    'the log of a room of others',
    ({ roomId, epoch }) => frame('log.resume', { roomId, epoch, afterSeq: 0 }),
    'not_member ',
  ),
  sends('typing in a room of others', ({ roomId }) => frame('typing.set', { roomId, isTyping: true }), 'not_member '),
  sends('the token of others', ({ ann }) => frame('auth.renew', { token: ann.tokens.accessToken }), 'token_invalid '),
  sends(
    'a second hello',
    ({ ann }) => frame('hello', { token: ann.tokens.accessToken, client: '' }),
    'hello_repeated ',
  ),
];

function message(change: Payload): object {
  return frame('message.send', { roomId: 'r_x', clientId: 'c_hostile_1', text: 'x', ...change });
}

const SQL = "x'; DROP TABLE users; --";
const PATH = '../../../../etc/passwd';
const TRICKS: readonly Row[] = [
  ...['roomId', 'clientId', 'fileId'].flatMap((field) => [
    sends(`SQL as ${field}`, () => message({ [field]: SQL }), `bad_field payload.${field}`),
    sends(`a path as ${field}`, () => message({ [field]: PATH }), `bad_field payload.${field}`),
    sends(`NUL in ${field}`, () => message({ [field]: 'c_12345678\u0000' }), `bad_field payload.${field}`),
    sends(
      `__proto__ as ${field}, which is an id like any other`,
      () => message({ [field]: '__proto__' }),
      'not_member ',
    ),
  ]),
  sends('NUL in a text', () => message({ text: 'a\u0000b' }), 'bad_field payload.text'),
  sends('SQL as an epoch', ({ eveRoomId }) => resume(eveRoomId, { epoch: SQL }), 'bad_field payload.epoch'),
  sends(
    'a position beyond all',
    ({ eveRoomId }) => resume(eveRoomId, { afterSeq: 2 ** 53 }),
    'bad_field payload.afterSeq',
  ),
  sends('SQL as a word', () => frame('presence.set', { status: SQL }), 'bad_field payload.status'),
  sends('SQL as a text, which is a text', ({ eveRoomId }) => message({ roomId: eveRoomId, text: SQL }), 'message.ack'),
  sends('a prototype that is poisoned', () => polluted('ping', { sentAtMs: 1 }), 'pong'),
  sends('a type of the prototype', () => ({ type: 'constructor', id: ID, payload: {} }), 'unknown_type type'),
  sends('fields of the prototype alone', () => polluted('message.send', {}), 'bad_field payload.roomId'),
];

function resume(roomId: string, change: Payload): object {
  return frame('log.resume', { roomId, epoch: 'e_x', afterSeq: 0, ...change });
}

/** Every field of every client frame of PROTOCOL.md, with values of every other type. */
const WRONG_TYPES: readonly Row[] = EXAMPLES.filter(({ kind }) => kind === 'client').flatMap(({ text }) => {
  const example = JSON.parse(text) as { readonly type: string; readonly payload: Payload };
  return Object.entries(example.payload).flatMap(([field, value]) =>
    [null, true, -1.5, 'x'.repeat(5000), [], {}, [value]]
      .filter((wrong) => typeof wrong !== typeof value || typeof value === 'string' || typeof value === 'number')
      .map((wrong) =>
        sends(
          `${example.type} with ${JSON.stringify(wrong).slice(0, 12)} as ${field}`,
          () => frame(example.type, { ...example.payload, [field]: wrong }),
          example.type === 'hello' ? 'bad_field payload.' : `bad_field payload.${field}`,
        ),
      ),
  );
});

function nested(levels: number): unknown {
  return JSON.parse(`${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`);
}

/** The rows of one carrier that are not the same for all. */
function rowsOf({ name }: Carrier): readonly Row[] {
  const isBinary = name.includes('msgpack');
  const raw = (what: string, text: string, expect: string): Row => ({
    what,
    send: (client) => client.sendRaw(text),
    expect,
  });
  const json = [
    raw('JSON of 30,000 levels', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'bad_frame '),
    raw('JSON of 60,000 levels without an end', '['.repeat(60_000), 'bad_frame '),
    raw(
      'JSON of 17 levels',
      `{"a":${'['.repeat(16)}${']'.repeat(16)},"type":"ping","id":7,"payload":{"sentAtMs":1}}`,
      'bad_frame ',
    ),
    raw(
      'JSON of 16 levels',
      `{"a":${'['.repeat(15)}${']'.repeat(15)},"type":"ping","id":7,"payload":{"sentAtMs":1}}`,
      'pong',
    ),
    raw(
      'brackets in a text, which are no levels',
      `{"a":"\\\\\\"${'[{'.repeat(100)}\\\\","type":"ping","id":7,"payload":{"sentAtMs":1}}`,
      'pong',
    ),
    raw(
      'JSON of 10,000 levels where nobody looks',
      `{"a":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)},"type":"ping","id":7,"payload":{"sentAtMs":1}}`,
      'bad_frame ',
    ),
    raw(
      'half a surrogate pair',
      '{"type":"message.send","id":7,"payload":{"roomId":"r_x","clientId":"c_12345678","text":"\\ud800"}}',
      'bad_field payload.text',
    ),
  ];
  const binary = [sends('MessagePack of 17 levels', () => ({ a: nested(8) }), 'bad_frame ')];
  return [
    ...(isBinary ? binary : json),
    { what: 'nonsense', send: (client) => client.sendNonsense(), expect: 'bad_frame ' },
    { what: 'a message above 64 KiB', send: (client) => client.sendPingOf(65_537, ID), expect: 'close 1009' },
    { what: 'what is no text here, or no bytes', send: (client) => client.sendWrongKind(), expect: 'close 1007' },
    {
      what: 'a hundred thousand frames in one',
      send: (client) => client.sendValue(Array(9000).fill(7)),
      expect: 'bad_frame ',
    },
  ];
}

CARRIERS.forEach((carrier) => {
  describe(`hostile frames over ${carrier.name}`, () => {
    let server: TestServer;
    let people: Bystanders;

    before(async () => {
      // The rows are many; that many bad frames end a connection has its own row.
      const limits = {
        badFramesPerMinute: 100_000,
        commandsPerSecond: 10_000,
        commandBurst: 100_000,
        messageBurst: 100_000,
      };
      server = await TestServer.start({ settings: { tokenSecret: SECRET }, ports: { limits } });
      people = await Bystanders.of(server);
    });
    after(async () => {
      await people.leave();
      await server.stop();
    });

    async function outcomeOf(client: CarrierClient, send: () => void): Promise<string> {
      const before = client.frames.length;
      send();
      const told = (): string | undefined => {
        const answer = client.frames.slice(before).find(({ type, re }) => re === ID || type === FrameType.Error);
        if (answer === undefined) {
          return undefined;
        }
        return answer.type === FrameType.Error ? `${answer.payload.code} ${answer.payload.field}` : answer.type;
      };
      await client.until(() => told() !== undefined || client.isClosed, 'an answer or the end');
      return told() ?? `close ${await client.closed()}`;
    }

    [...OTHERS, ...TRICKS, ...WRONG_TYPES, ...rowsOf(carrier)].forEach(({ what, send, expect }) => {
      test(`${what}: ${expect.trim()}`, async () => {
        const client = await carrier.connect(server);
        client.hello(people.eve.tokens.accessToken);
        await client.next(FrameType.Welcome);
        const outcome = await outcomeOf(client, () => send(client, people));
        assert.ok(
          outcome === expect || (expect.endsWith('.') && outcome.startsWith(expect)),
          `${outcome}, not ${expect}`,
        );
        people.leakedNothingInto(JSON.stringify(client.frames));
        if (!client.isClosed) {
          await client.fence();
          await client.close();
        }
        await people.areUndisturbed();
      });
    });

    test('tokens that are none: refused and closed with 4401, or 4402 for an expired one', async () => {
      for (const { what, token, code } of await forgedTokens(people.ann.tokens.accessToken)) {
        const client = await carrier.connect(server);
        const id = client.hello(token);
        assert.equal((await client.refusal(id)).code, code, what);
        assert.equal(await client.closed(), code === 'token_expired' ? 4402 : 4401, what);
        people.leakedNothingInto(JSON.stringify(client.frames));
      }
      await people.areUndisturbed();
    });

    test('no hello, or one without a token: refused and closed with 4400', async () => {
      const firsts: [first: unknown, code: string][] = [
        [frame('hello', { client: 'x' }), 'bad_field'],
        [frame('hello', { token: '', client: 'x' }), 'bad_field'],
        [frame('hello', { token: 'x'.repeat(4097), client: 'x' }), 'bad_field'],
        [frame('hello', { token: ['x'], client: 'x' }), 'bad_field'],
        [message({ roomId: people.roomId }), 'hello_expected'],
        [resume(people.roomId, {}), 'hello_expected'],
      ];
      for (const [first, code] of firsts) {
        const client = await carrier.connect(server);
        client.sendValue(first);
        assert.equal((await client.refusal(ID)).code, code);
        assert.equal(await client.closed(), 4400);
        people.leakedNothingInto(JSON.stringify(client.frames));
      }
      await people.areUndisturbed();
    });
  });

  test(`a flood of bad frames over ${carrier.name} is closed with 4429, and nobody else notices`, async (t) => {
    const server = await TestServer.start();
    t.after(() => server.stop());
    const people = await Bystanders.of(server);
    const client = await carrier.connect(server);
    client.hello(people.eve.tokens.accessToken);
    await client.next(FrameType.Welcome);
    for (let sent = 0; sent < 20; sent++) {
      client.sendNonsense();
    }
    assert.equal(await client.closed(), 4429);
    await people.areUndisturbed();
    await people.leave();
  });
});
