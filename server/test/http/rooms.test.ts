import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EventKind } from '../../../common/core/src/main/ets/wire/Frames';
import { ApiClient, expectStatus, refusalIn } from '../support/api-client';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

describe('rooms over HTTP', () => {
  let server: TestServer;
  let ann: Person;
  let bo: Person;

  before(async () => {
    server = await TestServer.start();
    ann = await server.person('ann');
    bo = await server.person('bo');
  });
  after(() => server.stop());

  test('a new room starts with `created` and its creator as the only member', async () => {
    const room = await ann.api.createRoom('  First room ');
    assert.equal(room.name, 'First room');
    assert.equal(room.headSeq, 1);
    assert.equal(room.lastMessage, null);
    assert.deepEqual(
      room.members.map((member) => member.userId),
      [ann.userId],
    );
    const page = await ann.api.history(room.roomId);
    assert.equal(page.epoch, room.epoch);
    assert.deepEqual(
      page.events.map((event) => [event.seq, event.kind, event.userName]),
      [[1, EventKind.Created, ann.userName]],
    );
  });

  test('two rooms have different epochs', async () => {
    assert.notEqual((await ann.api.createRoom('Epoch 1')).epoch, (await ann.api.createRoom('Epoch 2')).epoch);
  });

  test('a room name is unique without case', async () => {
    await ann.api.createRoom('Straße 9');
    for (const name of ['STRAßE 9', ' straße 9', 'Stra\u00dfe \uff19']) {
      const reply = await bo.api.call('POST', '/v1/rooms', JSON.stringify({ name }));
      assert.equal(refusalIn(reply), '409 name_taken name');
    }
  });

  test('joining twice and leaving twice change nothing the second time', async () => {
    const { roomId } = await ann.api.createRoom('Twice');
    assert.equal((await bo.api.join(roomId)).headSeq, 2);
    assert.equal((await bo.api.join(roomId)).headSeq, 2);
    await bo.api.leave(roomId);
    await bo.api.leave(roomId);
    assert.equal((await ann.api.history(roomId)).events.at(-1)?.seq, 3);
  });

  test('joining a room that does not exist is not_found, leaving it is done already', async () => {
    for (const roomId of ['r_nowhere', '..%2f..', "'%20OR%201=1", '__proto__', 'x'.repeat(100)]) {
      assert.equal(refusalIn(await ann.api.call('POST', `/v1/rooms/${roomId}/join`)), '404 not_found');
      expectStatus(await ann.api.call('POST', `/v1/rooms/${roomId}/leave`), 204);
    }
  });

  test('history is for members, and a room of others looks like one that does not exist', async () => {
    const { roomId } = await ann.api.createRoom('Private words');
    const others = await bo.api.call('GET', `/v1/rooms/${roomId}/events`);
    const nowhere = await bo.api.call('GET', '/v1/rooms/r_nowhere/events');
    assert.equal(refusalIn(others), '403 not_member');
    assert.equal(nowhere.text, others.text);
    const page = await bo.api.call('GET', `/v1/rooms/${roomId}/events?before=9&limit=1`);
    assert.equal(page.text, others.text);
    await bo.api.join(roomId);
    await bo.api.history(roomId);
    await bo.api.leave(roomId);
    assert.equal(refusalIn(await bo.api.call('GET', `/v1/rooms/${roomId}/events`)), '403 not_member');
  });

  test('history comes in pages from the newest end, ascending', async () => {
    const { roomId } = await ann.api.createRoom('Pages');
    for (let i = 0; i < 3; i++) {
      await bo.api.join(roomId);
      await bo.api.leave(roomId);
    }
    const seqs = async (query: string): Promise<unknown> => {
      const page = await ann.api.history(roomId, query);
      return [page.events.map((event) => event.seq), page.hasMore];
    };
    assert.deepEqual(await seqs('?limit=3'), [[5, 6, 7], true]);
    assert.deepEqual(await seqs('?limit=3&before=0'), [[5, 6, 7], true]);
    assert.deepEqual(await seqs('?limit=3&before=5'), [[2, 3, 4], true]);
    assert.deepEqual(await seqs('?limit=3&before=2'), [[1], false]);
    assert.deepEqual(await seqs('?limit=4&before=5'), [[1, 2, 3, 4], false]);
    assert.deepEqual(await seqs('?before=1'), [[], false]);
    assert.deepEqual(await seqs('?before=9007199254740991'), [[1, 2, 3, 4, 5, 6, 7], false]);
  });

  test('history and directory are answered 304 to who has them, until they change', async () => {
    const { roomId } = await ann.api.createRoom('Kept');
    for (const path of [`/v1/rooms/${roomId}/events`, '/v1/rooms?limit=200']) {
      const first = expectStatus(await ann.api.call('GET', path), 200);
      const tag = first.headers.get('etag') ?? '';
      assert.match(tag, /^"[\w-]+"$/);
      assert.equal(first.headers.get('cache-control'), 'private, no-cache');
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await ann.api.call('GET', path, undefined, { 'if-none-match': known });
        assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', tag], known);
      }
      expectStatus(await ann.api.call('GET', path, undefined, { 'if-none-match': '"other"' }), 200);
      await bo.api.join(roomId);
      const changed = expectStatus(await ann.api.call('GET', path, undefined, { 'if-none-match': tag }), 200);
      assert.notEqual(changed.headers.get('etag'), tag);
      await bo.api.leave(roomId);
    }
  });

  test('who left gets no 304 for what was read before', async () => {
    const { roomId } = await ann.api.createRoom('Left');
    await bo.api.join(roomId);
    const path = `/v1/rooms/${roomId}/events`;
    const tag = expectStatus(await bo.api.call('GET', path), 200).headers.get('etag') ?? '';
    await bo.api.leave(roomId);
    assert.equal(refusalIn(await bo.api.call('GET', path, undefined, { 'if-none-match': tag })), '403 not_member');
  });

  test('the directory shows every room once, page by page, and which are one’s own', async () => {
    const names = ['D1', 'D2', 'D3', 'D4', 'D5'];
    for (const name of names) {
      await ann.api.createRoom(name);
    }
    const found = [];
    let after = '';
    do {
      const page = await bo.api.directory(`?limit=2&after=${after}`);
      assert.ok(page.rooms.length <= 2);
      found.push(...page.rooms);
      after = page.nextAfter;
    } while (after !== '');
    const ids = found.map((room) => room.roomId);
    assert.deepEqual(ids, [...ids].sort());
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      found
        .filter((room) => names.includes(room.name))
        .map((room) => room.name)
        .sort(),
      names,
    );
    const whole = await ann.api.directory(`?limit=${ids.length}`);
    assert.deepEqual([whole.rooms.length, whole.nextAfter], [ids.length, ''], 'the last page says that it is');
    const mine = whole.rooms.find((room) => room.name === 'D1');
    assert.deepEqual([mine?.isMember, mine?.memberCount], [true, 1]);
    assert.equal(found.find((room) => room.name === 'D1')?.isMember, false);
  });

  const badQueries: [query: string, refusal: string][] = [
    ['limit=0', '400 bad_field limit'],
    ['limit=201', '400 bad_field limit'],
    ['limit=ten', '400 bad_field limit'],
    ['limit=1&limit=2', '400 bad_field limit'],
    ['limit=1e2', '400 bad_field limit'],
    ['before=-1', '400 bad_field before'],
    ['before=9007199254740993', '400 bad_field before'],
    ['before=1%00', '400 bad_field before'],
  ];
  badQueries.forEach(([query, refusal]) => {
    test(`history?${query} is refused`, async () => {
      const { rooms } = await ann.api.directory();
      const mine = rooms.find((room) => room.isMember) ?? (await ann.api.createRoom(`Query ${query}`));
      assert.equal(refusalIn(await ann.api.call('GET', `/v1/rooms/${mine.roomId}/events?${query}`)), refusal);
    });
  });

  test('every path below /v1/rooms wants a token', async () => {
    const paths = [
      ['GET', '/v1/rooms'],
      ['POST', '/v1/rooms'],
      ['POST', '/v1/rooms/r/join'],
      ['POST', '/v1/rooms/r/leave'],
      ['GET', '/v1/rooms/r/events'],
      ['POST', '/v1/rooms/r/files'],
      ['GET', '/v1/files/f'],
      ['GET', '/v1/search?q=tea'],
      ['POST', '/v1/auth/sign-out'],
    ] as const;
    for (const [method, path] of paths) {
      assert.equal(refusalIn(await server.api.call(method, path)), '401 token_invalid', path);
    }
    const basic = await server.api.call('GET', '/v1/rooms', undefined, { authorization: 'Basic YTpi' });
    assert.equal(refusalIn(basic), '401 token_invalid');
  });
});

describe('bodies that are not what they should be', () => {
  let server: TestServer;
  let ann: Person;

  before(async () => {
    server = await TestServer.start();
    ann = await server.person('ann');
  });
  after(() => server.stop());

  const bodies: [what: string, body: string | Uint8Array | undefined, refusal: string][] = [
    ['nothing', undefined, '400 bad_frame'],
    ['an empty text', '', '400 bad_frame'],
    ['half an object', '{"name":', '400 bad_frame'],
    ['null', 'null', '400 bad_frame'],
    ['bytes that are not UTF-8', Buffer.from('{"name":"\xff"}', 'latin1'), '400 bad_frame'],
    ['nesting without end', '['.repeat(30_000), '400 bad_frame'],
    ['nesting where a text belongs', `{"name":${'['.repeat(8)}${']'.repeat(8)}}`, '400 bad_field name'],
    ['deep nesting', `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, '400 bad_frame'],
    ['a name only in the prototype', '{"__proto__":{"name":"Stolen"}}', '400 bad_field name'],
    ['constructor games', '{"constructor":{"prototype":{"name":"Stolen"}}}', '400 bad_field name'],
    ['a lone surrogate', '{"name":"\\ud800"}', '400 bad_field name'],
    ['a NUL', '{"name":"a\\u0000b"}', '400 bad_field name'],
    ['white space', '{"name":" \\n\\t "}', '400 bad_field name'],
    ['65 letters', JSON.stringify({ name: 'n'.repeat(65) }), '400 bad_field name'],
    ['64 KiB and one byte', `{"name":"${'n'.repeat(65_536 - 10)}"}`, '413 too_large'],
  ];
  bodies.forEach(([what, body, refusal]) => {
    test(`${what} is refused as ${refusal}`, async () => {
      assert.equal(refusalIn(await ann.api.call('POST', '/v1/rooms', body)), refusal);
    });
  });

  test('a body of 64 KiB is read', async () => {
    const filler = 'n'.repeat(65_536 - '{"name":"Large","x":""}'.length);
    expectStatus(await ann.api.call('POST', '/v1/rooms', `{"name":"Large","x":"${filler}"}`), 201);
  });

  test('SQL in a name is a name', async () => {
    const name = "Robert'); DROP TABLE rooms;--";
    const room = await ann.api.createRoom(name);
    assert.equal((await ann.api.directory('?limit=200')).rooms.find((r) => r.roomId === room.roomId)?.name, name);
  });

  test('the content type does not matter, the body does', async () => {
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
      const reply = await ann.api.call('POST', '/v1/rooms', JSON.stringify({ name: type }), { 'content-type': type });
      expectStatus(reply, 201);
    }
  });

  test('unknown paths are not_found and malformed ones refused', async () => {
    assert.equal(refusalIn(await ann.api.call('GET', '/v1/nothing')), '404 not_found');
    assert.equal(refusalIn(await ann.api.call('DELETE', '/v1/rooms')), '404 not_found');
    assert.equal(refusalIn(await ann.api.call('GET', '/v1/rooms/%E0%A4%A/events')), '400 bad_frame');
  });

  test('answers are not stored by anyone on the way', async () => {
    for (const path of ['/healthz', '/v1/search?q=tea', '/v1/nothing', `/v1/rooms/${'x'.repeat(5000)}/events`]) {
      assert.equal((await ann.api.call('GET', path)).headers.get('cache-control'), 'no-store', path);
    }
  });

  test('healthz answers without a token', async () => {
    assert.equal(expectStatus(await server.api.call('GET', '/healthz'), 200).text, '{"ok":true}');
  });
});

describe('web pages', () => {
  const dir = makeTempDir();
  let server: TestServer;

  before(async () => {
    const staticDir = join(dir.path, 'pages');
    mkdirSync(staticDir);
    writeFileSync(join(staticDir, 'index.html'), '<!doctype html><title>Parley</title>');
    writeFileSync(join(staticDir, 'main.js'), 'export {};');
    writeFileSync(join(dir.path, 'outside.txt'), 'not yours');
    mkdirSync(join(staticDir, '.data'));
    writeFileSync(join(staticDir, '.data', 'token-secret'), 'not yours');
    server = await TestServer.start({ settings: { staticDir, allowedOrigins: ['https://chat.example'] } });
  });
  after(async () => {
    await server.stop();
    dir.remove();
  });

  test('are served from the folder with a policy against scripts from elsewhere', async () => {
    const reply = expectStatus(await server.api.call('GET', '/'), 200);
    assert.match(reply.text, /Parley/);
    const policy = reply.headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.equal(reply.headers.get('cache-control'), 'no-cache');
    assert.match((await server.api.call('GET', '/main.js')).headers.get('content-type') ?? '', /javascript/);
  });

  test('do not lead out of the folder, nor to hidden files in it', async () => {
    for (const path of [
      '/../outside.txt',
      '/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/%2e%2e%2foutside.txt',
      '/.data/token-secret',
    ]) {
      const reply = await server.api.call('GET', path);
      assert.ok(reply.status >= 400, `${path}: ${reply.status}`);
      assert.equal(reply.text.includes('not yours'), false);
    }
  });

  test('elsewhere may use the API when they are named, and only then', async () => {
    const allowOf = async (origin: string): Promise<string | null> =>
      (await new ApiClient(server.baseUrl).call('GET', '/healthz', undefined, { origin })).headers.get(
        'access-control-allow-origin',
      );
    assert.equal(await allowOf('https://chat.example'), 'https://chat.example');
    assert.equal(await allowOf('http://localhost:5173'), 'http://localhost:5173');
    assert.equal(await allowOf('https://evil.example'), null);
  });

  test('elsewhere may read the headers that caching, ranges and waiting need', async () => {
    const reply = await server.api.call('GET', '/healthz', undefined, { origin: 'https://chat.example' });
    const exposed = (reply.headers.get('access-control-expose-headers') ?? '').toLowerCase().split(', ');
    assert.deepEqual(
      ['accept-ranges', 'content-disposition', 'content-range', 'date', 'etag', 'link', 'retry-after'].filter(
        (name) => !exposed.includes(name),
      ),
      [],
    );
  });

  test('elsewhere get an answer to their preflight request', async () => {
    const reply = await server.api.call('OPTIONS', '/v1/rooms', undefined, {
      origin: 'https://chat.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type',
    });
    assert.equal(reply.status, 204);
    assert.equal(reply.headers.get('access-control-allow-origin'), 'https://chat.example');
    const allowed = (reply.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(', ');
    const needed = [
      'if-none-match',
      'if-range',
      'idempotency-key',
      'x-file-name',
      'range',
      'priority',
      'authorization',
      'content-type',
    ];
    assert.deepEqual(
      needed.filter((name) => !allowed.includes(name)),
      [],
    );
    assert.match(reply.headers.get('vary') ?? '', /Origin/);
  });
});
