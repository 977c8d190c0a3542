import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type OpenApi, OPENAPI_FILE } from '../support/answer-check';
import { ApiClient, type ApiReply, PASSWORD, refusalIn } from '../support/api-client';
import { uploadKey } from '../support/file-api';
import { TestServer } from '../support/test-server';
import { Bystanders } from './bystanders';
import { forgedTokens, SECRET } from './forged-tokens';

interface Row {
  readonly what: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string>;
  /** `STATUS code field` of a refusal, or the status alone. */
  readonly expect: string;
}

const DOCUMENT = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')) as OpenApi;
const SQL = "x'; DROP TABLE users; --";
const PATH = '../../../../etc/passwd';

interface Guarded {
  readonly security?: unknown;
}

const GUARDED = Object.entries(DOCUMENT.paths).flatMap(([path, operations]) =>
  Object.entries(operations)
    .filter(([, operation]) => (operation as Guarded).security !== undefined)
    .map(([method]) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'r_x') })),
);

/** The fields of each body, with what they are not. */
const BODIES: readonly (readonly [path: string, good: Record<string, string>])[] = [
  ['/v1/auth/sign-up', { userName: 'Mallory', password: PASSWORD }],
  ['/v1/auth/sign-in', { userName: 'Mallory', password: PASSWORD }],
  ['/v1/auth/refresh', { refreshToken: 'rt_x' }],
  ['/v1/auth/sign-out', { refreshToken: 'rt_x' }],
  ['/v1/rooms', { name: 'A room' }],
];

const WRONG_BODIES: readonly Row[] = BODIES.flatMap(([path, good]) => [
  ...Object.keys(good).flatMap((field) =>
    [undefined, null, true, 7, [], {}, [good[field]], 'x'.repeat(5000), 'a\u0000b', '\ud800aaaaaaaa'].map((wrong) => ({
      what: `${JSON.stringify(wrong)?.slice(0, 12) ?? 'nothing'} as ${field}`,
      path,
      body: JSON.stringify({ ...good, [field]: wrong }),
      expect: `400 bad_field ${field}`,
    })),
  ),
  ...[
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['no JSON', '{"a":'],
    ['nothing', ''],
    ['as many levels as a body can have', '['.repeat(65_536)],
    ['17 levels where nobody looks', JSON.stringify(good).replace('{', `{"x":${'['.repeat(16)}${']'.repeat(16)},`)],
    ['JSON of 30,000 levels', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['JSON of 30,000 levels without an end', '{"a":'.repeat(10_000)],
    ['a form', 'userName=Mallory&password=x'],
    [
      'fields of the prototype alone',
      `{"__proto__":${JSON.stringify(good)},"constructor":{"prototype":{"polluted":1}}}`,
    ],
  ].map(([what = '', body = '']) => ({
    what,
    path,
    body,
    expect: body.includes('__proto__') ? `400 bad_field ${Object.keys(good)[0]}` : '400 bad_frame',
  })),
  { what: 'bytes that are no UTF-8', path, body: Uint8Array.of(0x7b, 0xff, 0xfe), expect: '400 bad_frame' },
  { what: '100,000 brackets', path, body: '['.repeat(50_000) + ']'.repeat(50_000), expect: '413 too_large' },
  { what: 'a body above 64 KiB', path, body: `"${'x'.repeat(65_536)}"`, expect: '413 too_large' },
]);

const get = (what: string, path: string, expect: string): Row => ({ what, method: 'GET', path, expect });
const escaped = encodeURIComponent;

const QUERIES: readonly Row[] = [
  get('a limit of 0', '/v1/rooms?limit=0', '400 bad_field limit'),
  get('a limit below 0', '/v1/rooms?limit=-1', '400 bad_field limit'),
  get('a limit beyond all', '/v1/rooms?limit=99999999999999999999', '400 bad_field limit'),
  get('a limit in exponents', '/v1/rooms?limit=1e2', '400 bad_field limit'),
  get('SQL as a limit', `/v1/rooms?limit=${escaped('1 OR 1=1')}`, '400 bad_field limit'),
  get('two limits', '/v1/rooms?limit=1&limit=2', '400 bad_field limit'),
  get('a limit in brackets, which names nothing', '/v1/rooms?limit[]=1', '200'),
  get('the prototype in a query', '/v1/rooms?__proto__[limit]=1&constructor.prototype.x=1&__proto__=1', '200'),
  get('SQL as a cursor, behind which some rooms are', `/v1/rooms?after=${escaped(SQL)}`, '200'),
  get('NUL as a cursor', '/v1/rooms?after=%00', '400 bad_field after'),
  get('a cursor without an end', `/v1/rooms?after=${'x'.repeat(65)}`, '400 bad_field after'),
  get('SQL as a search', `/v1/search?q=${escaped(SQL)}`, '200'),
  get('operators of the index', `/v1/search?q=${escaped('NEAR("a" b, 5) OR text:* AND ^x')}`, '200'),
  get('quotes without an end', `/v1/search?q=${escaped('"""\'')}`, '200'),
  get('NUL in a search', '/v1/search?q=a%00b', '400 bad_field q'),
  get('a search without an end', `/v1/search?q=${'x'.repeat(101)}`, '400 bad_field q'),
  get('a search for nothing', '/v1/search?q=%20', '400 bad_field q'),
  get('SQL as a place', `/v1/search?q=abc&before=${escaped(`r_1.1 ${SQL}`)}`, '400 bad_field before'),
];

const PATHS: readonly Row[] = [
  get('dots in a path', '/v1/rooms/..%2f..%2fetc/events', '403 not_member'),
  get('dots that are folded away', '/v1/rooms/../../../etc/passwd', '404 not_found'),
  get('dots in escapes', '/v1/files/%2e%2e%2f%2e%2e%2fparley.db', '404 not_found'),
  get('backslashes', `/v1/files/${escaped('..\\..\\parley.db')}`, '404 not_found'),
  get('NUL in a path', '/v1/files/f_1%00.png', '404 not_found'),
  get('SQL in a path', `/v1/files/${escaped(SQL)}`, '404 not_found'),
  get('the prototype as a path', '/v1/files/__proto__', '404 not_found'),
  get('an escape that is none', '/v1/files/%zz', '400 bad_frame'),
  get('a path without an end', `/v1/files/${'x'.repeat(8000)}`, '400 bad_frame'),
  get('the database beside the pages', '/parley.db', '404 not_found'),
  get('the secret', '/%2e%2e/token-secret', '404 not_found'),
  { what: 'a method that nothing knows', method: 'PATCH', path: '/v1/rooms', expect: '404 not_found' },
  {
    what: 'a way around the method',
    path: '/v1/rooms/r_x/events',
    headers: { 'X-HTTP-Method-Override': 'GET' },
    expect: '404 not_found',
  },
];

describe('hostile requests to the HTTP API', () => {
  let server: TestServer;
  let people: Bystanders;

  before(async () => {
    const limits = { messageBurst: 100_000, searchBurst: 100_000 };
    server = await TestServer.start({ settings: { tokenSecret: SECRET }, ports: { limits } });
    people = await Bystanders.of(server);
  });
  after(async () => {
    await people.leave();
    await server.stop();
  });

  function outcomeOf(reply: ApiReply): string {
    return reply.status < 400 ? String(reply.status) : refusalIn(reply);
  }

  async function holds(row: Row, api: ApiClient): Promise<void> {
    const reply = await api.call(row.method ?? 'POST', row.path, row.body, row.headers);
    assert.equal(outcomeOf(reply), row.expect);
    if (!row.path.startsWith('/v1/rooms?')) {
      // The directory names all rooms to everyone.
      people.leakedNothingInto(reply.text);
    }
    await people.areUndisturbed();
  }

  [...WRONG_BODIES, ...QUERIES, ...PATHS].forEach((row) => {
    test(`${row.what} at ${(row.method ?? 'POST') + ' ' + row.path.slice(0, 60)}: ${row.expect}`, () =>
      holds(row, people.eve.api));
  });

  GUARDED.forEach(({ method, path }) => {
    test(`${method} ${path} is for nobody without a good token`, async () => {
      const forged = await forgedTokens(people.ann.tokens.accessToken);
      const headers: [what: string, authorization: string | null, code: string][] = [
        ['no token', null, 'token_invalid'],
        ['another scheme', `Basic ${people.ann.tokens.accessToken}`, 'token_invalid'],
        ['two tokens', `Bearer ${people.eve.tokens.accessToken} ${people.ann.tokens.accessToken}`, 'token_invalid'],
        ['the refresh token', `Bearer ${people.ann.tokens.refreshToken}`, 'token_invalid'],
        ...forged.map(({ what, token, code }): [string, string, string] => [what, `Bearer ${token}`, code]),
      ];
      for (const [what, authorization, code] of headers) {
        const reply = await server.api.call(method, path, undefined, authorization === null ? {} : { authorization });
        assert.equal(reply.status, 401, what);
        assert.equal(reply.headers.get('www-authenticate'), 'Bearer');
        if (method !== 'HEAD') {
          assert.equal(refusalIn(reply), `401 ${code}`, what);
        }
        people.leakedNothingInto(reply.text);
      }
      await people.areUndisturbed();
    });
  });

  test('a token in the URL is none', async () => {
    const token = people.ann.tokens.accessToken;
    for (const name of ['access_token', 'token', 'authorization']) {
      const row = { what: '', method: 'GET', path: `/v1/rooms?${name}=${token}`, expect: '401 token_invalid' };
      await holds({ ...row, path: row.path.replace('?', '/r_x/events?') }, server.api);
    }
  });

  test('what is of others is not read, written or found, whatever the way', async () => {
    const { roomId, fileId, ann, eve } = people;
    const rows: Row[] = [
      get('history', `/v1/rooms/${roomId}/events`, '403 not_member'),
      {
        what: 'upload',
        path: `/v1/rooms/${roomId}/files`,
        body: 'x',
        headers: { 'idempotency-key': uploadKey() },
        expect: '403 not_member',
      },
      get('download', `/v1/files/${fileId}`, '404 not_found'),
      { ...get('a part', `/v1/files/${fileId}`, '404 not_found'), headers: { range: 'bytes=0-3' } },
      {
        ...get('whether it changed', `/v1/files/${fileId}`, '404 not_found'),
        headers: { 'if-none-match': `"${fileId}"` },
      },
      {
        ...get('whether the log changed', `/v1/rooms/${roomId}/events`, '403 not_member'),
        headers: { 'if-none-match': '*' },
      },
      get('a place in it', `/v1/search?q=classified&before=${roomId}.2`, '400 bad_field before'),
      {
        what: 'sign-out',
        path: '/v1/auth/sign-out',
        body: JSON.stringify({ refreshToken: ann.tokens.refreshToken }),
        expect: '204',
      },
    ];
    for (const row of rows) {
      await holds(row, eve.api);
    }
    const found = await eve.api.call('GET', '/v1/search?q=classified');
    assert.deepEqual(JSON.parse(found.text), { hits: [], nextBefore: '' });
    await ann.api.history(roomId);
  });

  test('names of files that want out of their folder are names', async () => {
    const { eve, eveRoomId } = people;
    for (const name of [PATH, '..\\..\\x', '/etc/passwd', '%00', SQL, '__proto__', '.', 'a\u202ecod.exe']) {
      const headers = { 'x-file-name': encodeURIComponent(name), 'idempotency-key': uploadKey() };
      const reply = await eve.api.call('POST', `/v1/rooms/${eveRoomId}/files`, 'x', headers);
      assert.equal(reply.status, 201);
      const { file } = JSON.parse(reply.text) as { readonly file: { readonly name: string } };
      assert.doesNotMatch(file.name, /[/\\\u0000\u202e]|^\.+$/);
      await people.areUndisturbed();
    }
  });

  test('a body of any declared type means what its bytes mean', async () => {
    const body = JSON.stringify({ userName: people.eve.userName, password: PASSWORD });
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
    ]) {
      const row = { what: type, path: '/v1/auth/sign-in', body, headers: { 'content-type': type }, expect: '200' };
      assert.equal(outcomeOf(await server.api.call('POST', row.path, row.body, row.headers)), row.expect, type);
    }
    const packed = { 'content-encoding': 'gzip' };
    const reply = await server.api.call('POST', '/v1/auth/sign-in', Uint8Array.of(0x1f, 0x8b, 8, 0), packed);
    assert.equal(refusalIn(reply), '400 bad_frame', 'nothing is unpacked');
    await people.areUndisturbed();
  });
});
