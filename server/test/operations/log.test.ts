import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { createLog } from '../../src/operations/log';
import { ApiClient, type ApiReply } from '../support/api-client';
import { CARRIERS } from '../support/carriers';
import { SlowStore } from '../support/slow-store';
import { type Person, TestServer } from '../support/test-server';

interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly requestId?: string;
  readonly route?: string;
  readonly status?: number;
}

/** Everything that a server logs, as it would go to standard output. */
class LogText {
  text = '';

  write(chunk: string): void {
    this.text += chunk;
  }

  get lines(): LogLine[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }

  of(msg: string): LogLine[] {
    return this.lines.filter((line) => line.msg === msg);
  }
}

/** Nothing of this may ever be in a log. Each is a word that nothing else can contain. */
const SECRET = 'zq7secretzq7';

describe('the log, at its most talkative', () => {
  const log = new LogText();
  let server: TestServer;
  let ann: Person;
  let roomId: string;
  let store: SlowStore;

  before(async () => {
    server = await TestServer.start({
      ports: {
        log: createLog('trace', log),
        openStore: ({ dataDir }) => {
          store = new SlowStore(dataDir);
          return store;
        },
      },
    });
    ann = await server.person(SECRET);
    ({ roomId } = await ann.api.createRoom(`Room of ${SECRET}`));
  });
  after(() => server.stop());

  /** A request that is refused or answered, it does not matter which. */
  async function ask(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<number> {
    return (await new ApiClient(server.baseUrl, ann.tokens.accessToken).call(method, path, body, headers)).status;
  }

  test('of HTTP holds no password, token, name, text, query or header', async () => {
    const credentials = JSON.stringify({ userName: ann.userName, password: `wrong ${SECRET}` });
    assert.equal(await ask('POST', '/v1/auth/sign-in', credentials), 401);
    assert.equal(await ask('POST', '/v1/auth/sign-in', `{"userName":"${SECRET}`), 400);
    assert.equal(await ask('POST', '/v1/auth/refresh', JSON.stringify({ refreshToken: `rt_${SECRET}` })), 401);
    await server.refreshed(await server.signedIn(ann));
    const stranger = new ApiClient(server.baseUrl, `eyJ.${SECRET}.sig`);
    assert.equal((await stranger.call('GET', '/v1/rooms')).status, 401);
    for (const path of [
      `/${SECRET}?token=${SECRET}`,
      `/v1/rooms/${SECRET}/events?before=${SECRET}`,
      `/v1/rooms?after=%${SECRET}`,
    ]) {
      await ask('GET', path);
    }
    assert.equal(await ask('GET', `/v1/search?q=${SECRET}`), 200);
    const upload = {
      'idempotency-key': `${SECRET}`,
      'x-file-name': `${SECRET}.txt`,
      cookie: SECRET,
      'x-request-id': SECRET,
    };
    assert.equal(await ask('POST', `/v1/rooms/${roomId}/files`, `content ${SECRET}`, upload), 201);
    await ask('POST', `/v1/rooms`, `{"name":"${SECRET.repeat(20)}"}`);
    await ask('POST', '/v1/send', SECRET, { 'parley-line': SECRET });
    assert.equal(await ask('POST', '/v1/auth/sign-out', JSON.stringify({ refreshToken: SECRET })), 204);
    const raw = connect(Number(new URL(server.baseUrl).port), '127.0.0.1');
    raw.end(`GET /${SECRET} HTP/1.1\r\nX-${SECRET}: ${SECRET}\r\n\r\n`);
    raw.resume();
    await once(raw, 'close');
  });

  for (const carrier of CARRIERS) {
    test(`of ${carrier.name} holds no token, text or word of a client`, async () => {
      const client = await carrier.connect(server);
      client.hello(ann.tokens.accessToken);
      await client.next(FrameType.Welcome);
      await client.answer(client.say(roomId, `c_${SECRET}_${carrier.name.replace(/\W/g, '')}`, `text ${SECRET}`));
      await client.refusal(client.say(`r_${SECRET}`, 'c_00000001', SECRET));
      await client.refusal(client.command({ type: FrameType.AuthRenew, payload: { token: `eyJ.${SECRET}.x` } }));
      client.sendValue({ type: SECRET, id: 90, payload: { [SECRET]: SECRET } });
      client.sendValue({ type: 'message.send', id: 91, payload: { roomId: SECRET.repeat(9), text: SECRET } });
      client.sendNonsense();
      await client.fence();
      await client.close();
      const refused = await carrier.connect(server);
      refused.hello(`eyJ.${SECRET}.${SECRET}`);
      assert.equal(await refused.closed(), 4401);
      const rude = await carrier.connect(server);
      rude.hello(ann.tokens.accessToken);
      await rude.next(FrameType.Welcome);
      rude.sendRaw(rude.isBinary ? new Uint8Array(70_000) : SECRET.repeat(6000));
      await rude.closed();
    });
  }

  test('of a store that fails tells why, and not what it was to write', async () => {
    const failing = await server.open(ann);
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error('disk full'));
    try {
      const refusal = await failing.refusal(failing.say(roomId, 'c_00000077', `text ${SECRET}`));
      assert.equal(refusal.code, 'internal');
    } finally {
      store.commit = commit;
    }
    assert.equal(log.of('command failed').length, 1);
    assert.ok(log.text.includes('disk full'));
    await failing.close();
  });

  test('none of all that is in it, and what it is for is', async () => {
    await server.untilConnections(0);
    for (const word of [SECRET, ann.tokens.accessToken, ann.tokens.refreshToken, 'eyJ', 'rt_', '"l_', 'Bearer', '?']) {
      const at = log.text.indexOf(word);
      assert.equal(at, -1, `${word}: ${log.text.slice(Math.max(0, at - 200), at + 200)}`);
    }
    for (const msg of ['request', 'session open', 'connection closed', 'command refused']) {
      assert.ok(log.of(msg).length > 0, msg);
    }
    const levels = new Set(log.lines.map((line) => line.level));
    assert.ok([...levels].every((level) => ['trace', 'debug', 'info', 'warn', 'error'].includes(level)));
    for (const { time, msg } of log.lines) {
      assert.equal(new Date(time).toISOString(), time);
      assert.ok(msg.length > 0 && msg.length < 80 && !msg.includes('\n'), msg);
    }
  });
});

describe('the id of a request', () => {
  test('is new for each, in the answer and in the one line about it, and never the client’s own', async () => {
    const log = new LogText();
    const server = await TestServer.start({ ports: { log: createLog('debug', log) } });
    try {
      const headers = { 'x-request-id': 'mine' };
      const replies: ApiReply[] = [];
      for (const path of ['/healthz', '/v1/nothing', '/v1/rooms', '/v1/%']) {
        replies.push(await server.api.call('GET', path, undefined, headers));
      }
      const ids = replies.slice(0, 3).map((reply) => reply.headers.get('x-request-id') ?? '');
      assert.equal(new Set(ids).size, 3);
      ids.forEach((id, index) => {
        assert.match(id, /^q_[\w-]{12}$/);
        const lines = log.of('request').filter((line) => line.requestId === id);
        assert.deepEqual(
          lines.map(({ status, route }) => [status, route]),
          [[replies[index]?.status, ['/healthz', 'none', '/v1/rooms'][index]]],
        );
      });
      assert.ok(!log.text.includes('mine'));
    } finally {
      await server.stop();
    }
  });
});
