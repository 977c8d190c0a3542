import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MAX_FILE_BYTES } from '../../../common/core/src/main/ets/wire/Limits';
import { expectStatus, refusalIn } from '../support/api-client';
import { FakeClock } from '../support/fake-clock';
import { upload, uploaded, uploadKey } from '../support/file-api';
import { gif, jpeg, png, webp } from '../support/images';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

const DAY_MS = 86_400_000;
const LIMITS = { uploadBurst: 10_000 };
/** More looks than a busy machine needs; each is a request, which gives the server time. */
const MAX_LOOKS = 5000;

function keptIn(server: TestServer): string[] {
  return readdirSync(join(server.dataDir, 'files'));
}

function incomingIn(server: TestServer): string[] {
  return readdirSync(join(server.dataDir, 'incoming-files'));
}

async function until(server: TestServer, isTrue: () => boolean, what: string): Promise<void> {
  for (let looks = 0; !isTrue(); looks++) {
    assert.ok(looks < MAX_LOOKS, `waited for ${what}`);
    await server.api.call('GET', '/healthz');
  }
}

/** An upload whose body is written piece by piece, its length not said before. */
function openUpload(server: TestServer, person: Person, roomId: string, headers: Record<string, string> = {}) {
  const sent: ClientRequest = request(`${server.baseUrl}/v1/rooms/${roomId}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.tokens.accessToken}`, 'idempotency-key': uploadKey(), ...headers },
  });
  const status = new Promise<number>((resolve, reject) => {
    sent.on('response', (response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
  });
  return { sent, status };
}

describe('files over HTTP', () => {
  let server: TestServer;
  let ann: Person;
  let bo: Person;
  let roomId: string;

  before(async () => {
    server = await TestServer.start({ ports: { limits: LIMITS } });
    ann = await server.person('ann');
    bo = await server.person('bo');
    roomId = (await ann.api.createRoom('Files')).roomId;
    await bo.api.join(roomId);
  });
  after(() => server.stop());

  test('an image comes back byte for byte, with its size in pixels, and is on disk when the answer is there', async () => {
    const body = Buffer.concat([png(640, 480), Buffer.from(Array.from({ length: 256 }, (_, i) => i))]);
    const file = await uploaded(ann.api, roomId, body, { 'content-type': 'image/png', 'x-file-name': '%E8%8C%B6.png' });
    assert.deepEqual(readFileSync(join(server.dataDir, 'files', file.fileId)), body);
    assert.deepEqual(
      { ...file, fileId: '' },
      { fileId: '', name: '茶.png', contentType: 'image/png', sizeBytes: body.length, widthPx: 640, heightPx: 480 },
    );
    const response = await fetch(`${server.baseUrl}/v1/files/${file.fileId}`, {
      headers: { authorization: `Bearer ${bo.tokens.accessToken}` },
    });
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), body);
  });

  const kinds: [what: string, body: Uint8Array | string, type: string, kept: string][] = [
    ['GIF as octets', gif(7, 9), 'application/octet-stream', 'image/gif 7 9'],
    ['WebP as octets', webp('VP8X', 7, 9), 'application/octet-stream', 'image/webp 7 9'],
    ['JPEG with parameters', jpeg(7, 9), 'Image/JPEG; q=1', 'image/jpeg 7 9'],
    ['a text', 'hello', 'text/plain; charset=utf-8', 'text/plain 0 0'],
    ['a page', '<script>alert(1)</script>', 'text/html', 'text/html 0 0'],
    ['a drawing', '<svg/>', 'image/svg+xml', 'image/svg+xml 0 0'],
    ['a broken PNG as octets', png(0, 0), 'application/octet-stream', 'application/octet-stream 0 0'],
  ];
  kinds.forEach(([what, body, type, kept]) => {
    test(`${what}: kept as ${kept}`, async () => {
      const { contentType, widthPx, heightPx } = await uploaded(ann.api, roomId, body, { 'content-type': type });
      assert.equal(`${contentType} ${widthPx} ${heightPx}`, kept);
    });
  });

  const refused: [what: string, body: Uint8Array | string, headers: Record<string, string>, refusal: string][] = [
    ['nothing', '', {}, '400 bad_field body'],
    ['no key', 'x', { 'idempotency-key': '' }, '400 bad_field Idempotency-Key'],
    ['a short key', 'x', { 'idempotency-key': 'short' }, '400 bad_field Idempotency-Key'],
    ['a key that is a path', 'x', { 'idempotency-key': '../../../x' }, '400 bad_field Idempotency-Key'],
    ['a key of 65 letters', 'x', { 'idempotency-key': 'k'.repeat(65) }, '400 bad_field Idempotency-Key'],
    ['a name that is no UTF-8', 'x', { 'x-file-name': '%ff' }, '400 bad_field X-File-Name'],
    ['a type without a slash', 'x', { 'content-type': 'image' }, '400 bad_field Content-Type'],
    ['a type of 101 letters', 'x', { 'content-type': `a/${'b'.repeat(99)}` }, '400 bad_field Content-Type'],
    ['a page that says PNG', '<script>', { 'content-type': 'image/png' }, '400 bad_field Content-Type'],
    ['a GIF that says PNG', gif(1, 1), { 'content-type': 'image/png' }, '400 bad_field Content-Type'],
    ['a PNG that says text', png(1, 1), { 'content-type': 'text/plain' }, '400 bad_field Content-Type'],
    ['a broken PNG', png(0, 1), { 'content-type': 'image/png' }, '400 bad_field Content-Type'],
    ['one byte too many', Buffer.alloc(MAX_FILE_BYTES + 1), {}, '413 too_large'],
  ];
  refused.forEach(([what, body, headers, refusal]) => {
    test(`${what} is refused as ${refusal}, and nothing of it stays`, async () => {
      const kept = keptIn(server).length;
      const all = { 'idempotency-key': uploadKey(), ...headers };
      assert.equal(refusalIn(await upload(ann.api, roomId, body, all)), refusal);
      assert.deepEqual([incomingIn(server), keptIn(server).length], [[], kept]);
    });
  });

  test('10 MiB are taken', async () => {
    assert.equal((await uploaded(ann.api, roomId, Buffer.alloc(MAX_FILE_BYTES, 1))).sizeBytes, MAX_FILE_BYTES);
  });

  test('only members bring files, and a room of others looks like one that does not exist', async () => {
    const own = await ann.api.createRoom('Mine alone');
    assert.equal(refusalIn(await upload(bo.api, own.roomId, 'x')), '403 not_member');
    assert.equal(refusalIn(await upload(bo.api, 'r_nowhere', 'x')), '403 not_member');
  });

  test('only members read files, and a file of others looks like one that does not exist', async () => {
    const own = await ann.api.createRoom('Read alone');
    const { fileId } = await uploaded(ann.api, own.roomId, 'secret');
    const others = await bo.api.call('GET', `/v1/files/${fileId}`);
    assert.equal(refusalIn(others), '404 not_found');
    for (const id of ['f_nowhere', '..%2f..%2fparley.db', '%2e%2e', '__proto__', "'%20OR%201=1"]) {
      const reply = await ann.api.call('GET', `/v1/files/${id}`);
      assert.equal(reply.status, 404, id);
      assert.equal(reply.text.includes('secret'), false);
    }
    assert.equal((await bo.api.call('GET', '/v1/files/f_nowhere')).text, others.text);
    await bo.api.join(own.roomId);
    assert.equal(expectStatus(await bo.api.call('GET', `/v1/files/${fileId}`), 200).text, 'secret');
    await bo.api.leave(own.roomId);
    assert.equal((await bo.api.call('GET', `/v1/files/${fileId}`)).status, 404);
  });

  test('an upload under the same key of the same user is answered as the first was, and kept once', async () => {
    const kept = keptIn(server).length;
    const headers = { 'idempotency-key': uploadKey() };
    const first = await uploaded(ann.api, roomId, 'first', headers);
    assert.deepEqual(await uploaded(ann.api, roomId, 'another', { ...headers, 'x-file-name': 'other' }), first);
    assert.notEqual((await uploaded(bo.api, roomId, 'of bo', headers)).fileId, first.fileId);
    assert.equal(keptIn(server).length, kept + 2);
    const other = await ann.api.createRoom('Other room');
    assert.equal(refusalIn(await upload(ann.api, other.roomId, 'first', headers)), '409 id_reused');
  });

  test('two uploads under one key that meet are one file', async () => {
    const kept = keptIn(server).length;
    const key = { 'idempotency-key': uploadKey() };
    const [a, b] = [openUpload(server, ann, roomId, key), openUpload(server, ann, roomId, key)];
    a.sent.write('a');
    b.sent.write('b');
    await until(server, () => incomingIn(server).length === 2, 'both to have begun');
    a.sent.end();
    b.sent.end();
    assert.deepEqual(await Promise.all([a.status, b.status]), [201, 201]);
    assert.equal(keptIn(server).length, kept + 1);
    assert.deepEqual(incomingIn(server), []);
  });

  test('a body goes to the disk as it comes', async () => {
    const { sent, status } = openUpload(server, ann, roomId);
    sent.write(Buffer.alloc(1024 * 1024, 1));
    const sizes = (): number[] =>
      incomingIn(server).map((name) => statSync(join(server.dataDir, 'incoming-files', name)).size);
    await until(server, () => sizes()[0] === 1024 * 1024, 'a megabyte on disk');
    sent.end();
    assert.equal(await status, 201);
  });

  test('a body without end is refused while it comes', async () => {
    const { sent, status } = openUpload(server, ann, roomId);
    sent.write(Buffer.alloc(MAX_FILE_BYTES + 1));
    assert.equal(await status, 413);
    assert.deepEqual(incomingIn(server), []);
    sent.on('error', () => undefined);
    sent.destroy();
  });

  test('a body that is too large by its own word is refused before it comes', async () => {
    const { sent, status } = openUpload(server, ann, roomId, { 'content-length': String(MAX_FILE_BYTES + 1) });
    sent.flushHeaders();
    assert.equal(await status, 413);
    sent.on('error', () => undefined);
    sent.destroy();
  });

  test('nothing stays of an upload whose sender goes away', async () => {
    const kept = keptIn(server).length;
    const { sent, status } = openUpload(server, ann, roomId);
    const outcome = assert.rejects(status);
    sent.write('half of it');
    await until(server, () => incomingIn(server).length === 1, 'the upload to begin');
    sent.destroy();
    await outcome;
    await until(server, () => incomingIn(server).length === 0, 'the rest to be gone');
    assert.equal(keptIn(server).length, kept);
  });

  test('a download says what it is, forbids what it must not do, and may be kept for ever', async () => {
    const image = await uploaded(ann.api, roomId, png(1, 2), { 'x-file-name': 'a%22b.png' });
    const { headers } = expectStatus(await ann.api.call('GET', `/v1/files/${image.fileId}`), 200);
    const expected: Record<string, string> = {
      'content-type': 'image/png',
      'content-length': '33',
      'cache-control': 'private, max-age=31536000, immutable',
      etag: `"${image.fileId}"`,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'content-disposition': 'inline; filename="a_b.png"; filename*=UTF-8\'\'a%22b.png',
    };
    Object.entries(expected).forEach(([name, value]) => assert.equal(headers.get(name), value, name));
    const page = await uploaded(ann.api, roomId, '<script>', { 'content-type': 'text/html' });
    const disposition = (await ann.api.call('GET', `/v1/files/${page.fileId}`)).headers.get('content-disposition');
    assert.match(disposition ?? '', /^attachment;/);
  });

  test('HEAD says the same as GET and sends no body', async () => {
    const { fileId } = await uploaded(ann.api, roomId, 'hello');
    const [get, head] = [
      await ann.api.call('GET', `/v1/files/${fileId}`),
      await ann.api.call('HEAD', `/v1/files/${fileId}`, undefined, { range: 'bytes=0-0' }),
    ];
    assert.deepEqual([head.status, head.text], [200, '']);
    for (const name of ['content-length', 'etag', 'content-type', 'cache-control', 'content-disposition']) {
      assert.equal(head.headers.get(name), get.headers.get(name), name);
    }
    assert.equal((await ann.api.call('HEAD', '/v1/files/f_nowhere')).status, 404);
  });

  test('who has a file already gets 304', async () => {
    const { fileId } = await uploaded(ann.api, roomId, 'hello');
    for (const known of [`"${fileId}"`, `W/"${fileId}"`, `"x", "${fileId}"`, '*']) {
      const reply = await ann.api.call('GET', `/v1/files/${fileId}`, undefined, { 'if-none-match': known });
      assert.deepEqual([reply.status, reply.text, reply.headers.get('etag')], [304, '', `"${fileId}"`]);
    }
    expectStatus(await ann.api.call('GET', `/v1/files/${fileId}`, undefined, { 'if-none-match': '"x"' }), 200);
    const others = await server.api.call('GET', `/v1/files/${fileId}`, undefined, { 'if-none-match': '*' });
    assert.equal(others.status, 401);
  });

  test('a file whose bytes are lost is answered as unavailable, and nothing of the answer speaks of the file', async () => {
    const { fileId } = await uploaded(ann.api, roomId, png(5, 6));
    unlinkSync(join(server.dataDir, 'files', fileId));
    const reply = await ann.api.call('GET', `/v1/files/${fileId}`);
    assert.equal(refusalIn(reply), '503 unavailable');
    assert.deepEqual(
      ['etag', 'content-disposition', 'cache-control', 'content-type'].map((name) => reply.headers.get(name)),
      [null, null, 'no-store', 'application/json; charset=utf-8'],
    );
  });

  test('a header that is larger than any name is refused, and the server goes on', async () => {
    const reply = await upload(ann.api, roomId, 'x', { 'x-file-name': 'n'.repeat(20_000) });
    assert.equal(reply.status, 431);
    await uploaded(ann.api, roomId, 'x', { 'x-file-name': 'n'.repeat(8000) });
  });

  test('many uploads under one key at once are one file for all', async () => {
    const kept = keptIn(server).length;
    const key = { 'idempotency-key': uploadKey() };
    const files = await Promise.all(
      Array.from({ length: 12 }, (_, i) => uploaded(ann.api, roomId, `content ${i}`, key)),
    );
    assert.equal(new Set(files.map((file) => JSON.stringify(file))).size, 1);
    assert.equal(keptIn(server).length, kept + 1);
    assert.deepEqual(incomingIn(server), []);
  });

  test('a range is answered with that part, and with the whole where it is conditioned on another tag', async () => {
    const { fileId } = await uploaded(ann.api, roomId, '0123456789');
    const get = async (headers: Record<string, string>): Promise<unknown[]> => {
      const reply = await ann.api.call('GET', `/v1/files/${fileId}`, undefined, headers);
      return [reply.status, reply.text, reply.headers.get('content-range'), reply.headers.get('content-length')];
    };
    assert.deepEqual(await get({ range: 'bytes=2-4' }), [206, '234', 'bytes 2-4/10', '3']);
    assert.deepEqual(await get({ range: 'bytes=-3' }), [206, '789', 'bytes 7-9/10', '3']);
    assert.deepEqual(await get({ range: 'bytes=8-99' }), [206, '89', 'bytes 8-9/10', '2']);
    assert.deepEqual(await get({ range: 'bytes=0-1,3-4' }), [200, '0123456789', null, '10']);
    assert.deepEqual(await get({ range: 'bytes=10-' }), [416, '', 'bytes */10', '0']);
    assert.deepEqual(await get({ range: 'bytes=2-4', 'if-range': `"${fileId}"` }), [206, '234', 'bytes 2-4/10', '3']);
    assert.deepEqual(await get({ range: 'bytes=2-4', 'if-range': '"other"' }), [200, '0123456789', null, '10']);
    assert.deepEqual(await get({ range: 'bytes=2-4', 'if-range': `W/"${fileId}"` }), [200, '0123456789', null, '10']);
  });
});

describe('uploads of one user', () => {
  test('are refused beyond their rate, with the time to wait, and a repeated one is not counted', async () => {
    const clock = new FakeClock();
    const server = await TestServer.start({ clock });
    try {
      const ann = await server.person('ann');
      const { roomId } = await ann.api.createRoom('Rate');
      const headers = { 'idempotency-key': uploadKey() };
      for (let i = 0; i < 30; i++) {
        await uploaded(ann.api, roomId, 'x', i === 0 ? headers : {});
      }
      const reply = await upload(ann.api, roomId, 'x');
      assert.equal(refusalIn(reply), '429 rate_limited');
      assert.equal(reply.headers.get('retry-after'), '1');
      await uploaded(ann.api, roomId, 'x', headers);
      clock.advance(1000);
      await uploaded(ann.api, roomId, 'x');
    } finally {
      await server.stop();
    }
  });
});

describe('a file that no message uses', () => {
  test('is gone after 24 h with its bytes, and its key is free again; a used one stays', async () => {
    const clock = new FakeClock();
    const server = await TestServer.start({ clock, settings: { accessTokenTtlMs: 3 * DAY_MS, heartbeatMs: DAY_MS } });
    try {
      const ann = await server.person('ann');
      const { roomId } = await ann.api.createRoom('Forgotten');
      const headers = { 'idempotency-key': uploadKey() };
      const forgotten = await uploaded(ann.api, roomId, 'forgotten', headers);
      const used = await uploaded(ann.api, roomId, 'used');
      const client = await server.open(ann);
      await client.answer(client.say(roomId, 'c_00000001', '', used.fileId));
      clock.advance(DAY_MS - 1);
      expectStatus(await ann.api.call('GET', `/v1/files/${forgotten.fileId}`), 200);
      clock.advance(DAY_MS / 24 + 1);
      await until(server, () => keptIn(server).length === 1, 'the bytes to be gone');
      assert.equal((await ann.api.call('GET', `/v1/files/${forgotten.fileId}`)).status, 404);
      assert.equal(expectStatus(await ann.api.call('GET', `/v1/files/${used.fileId}`), 200).text, 'used');
      const again = await uploaded(ann.api, roomId, 'again', headers);
      assert.notEqual(again.fileId, forgotten.fileId);
      await client.close();
    } finally {
      await server.stop();
    }
  });
});

describe('the folder of files', () => {
  test('holds nothing that the store does not know after a start', async () => {
    const dir = makeTempDir();
    const first = await TestServer.start({ settings: { dataDir: dir.path } });
    const ann = await first.person('ann');
    const { roomId } = await ann.api.createRoom('Tidy');
    const { fileId } = await uploaded(ann.api, roomId, 'kept');
    await first.stop();
    writeFileSync(join(dir.path, 'files', 'f_lost'), 'moved, and then the power went');
    writeFileSync(join(dir.path, 'incoming-files', 'f_half'), 'half of i');
    const second = await TestServer.start({ settings: { dataDir: dir.path } });
    assert.deepEqual([keptIn(second), incomingIn(second)], [[fileId], []]);
    await second.stop();
    dir.remove();
  });

  test('is left alone for a day where other processes use it', async () => {
    const [dir, shared] = [makeTempDir(), makeTempDir()];
    const settings = { dataDir: dir.path, filesDir: shared.path };
    await (await TestServer.start({ settings })).stop();
    const names = ['files/f_young', 'files/f_old', 'incoming-files/f_young', 'incoming-files/f_old'];
    const nowMs = Date.now();
    names.forEach((name) => {
      writeFileSync(join(shared.path, name), 'of another process');
      const atS = (name.endsWith('old') ? nowMs - DAY_MS - 60_000 : nowMs - DAY_MS + 60_000) / 1000;
      utimesSync(join(shared.path, name), atS, atS);
    });
    const second = await TestServer.start({ settings });
    assert.deepEqual(
      names.filter((name) => existsSync(join(shared.path, name))),
      ['files/f_young', 'incoming-files/f_young'],
    );
    assert.equal(existsSync(join(second.dataDir, 'files')), false);
    await second.stop();
    dir.remove();
    shared.remove();
  });
});
