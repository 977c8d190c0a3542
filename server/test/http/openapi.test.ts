import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { decodeErrorAnswer } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { AnswerCheck, type OpenApi, OPENAPI_FILE } from '../support/answer-check';
import { TestServer } from '../support/test-server';

/** For browsers before they ask, and files: not of the API. */
const NO_API = ['OPTIONS /v1/*'];

function isGetOfHead(route: string, routes: readonly string[]): boolean {
  return route.startsWith('HEAD ') && routes.includes(route.replace('HEAD', 'GET'));
}

describe('the OpenAPI document', () => {
  let server: TestServer;
  let served: OpenApi & { readonly openapi: string };

  before(async () => {
    server = await TestServer.start();
    const reply = await server.api.call('GET', '/v1/openapi.json');
    assert.match(reply.headers.get('content-type') ?? '', /^application\/json/);
    served = JSON.parse(reply.text) as typeof served;
  });
  after(() => server.stop());

  test('is valid by the schema of OpenAPI 3.1', async () => {
    assert.equal(served.openapi, '3.1.0');
    const result = await new Validator().validate({ ...structuredClone(served) });
    assert.deepEqual(result.errors, undefined);
    assert.equal(result.valid, true);
  });

  test('is the one in docs/openapi.json: `npm run openapi` writes it', () => {
    assert.deepEqual(JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')), served);
  });

  test('names every route of the server and no other', () => {
    const named = Object.entries(served.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const routes = [...new Set(server.server.routes)].filter((route) => !NO_API.includes(route));
    const wanted = routes.filter((route) => named.includes(route) || !isGetOfHead(route, routes));
    assert.deepEqual([...named].sort(), wanted.sort());
  });

  test('names each operation once, and says what every one answers when it refuses', () => {
    const operations = Object.values(served.paths).flatMap((path) => Object.values(path));
    const ids = operations.map((operation) => operation.operationId);
    assert.deepEqual(ids, [...new Set(ids)]);
    operations
      .filter((operation) => operation.operationId !== 'openApiDocument')
      .forEach(({ operationId, responses }) => {
        ['400', '408', '413', '431', '500', '503'].forEach((status) => {
          assert.ok(status in responses, `${operationId} lacks ${status}`);
        });
      });
  });

  test('wants a token exactly where the server does', async () => {
    for (const [path, operations] of Object.entries(served.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const { security } = operation as { readonly security?: unknown };
        if (['openStream', 'poll', 'openApiDocument'].includes(operation.operationId)) {
          assert.equal(security, undefined);
          continue;
        }
        const reply = await server.api.call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'r_x'));
        assert.equal(reply.status === 401, security !== undefined, `${method} ${path} answered ${reply.status}`);
        if (reply.status === 401 && method !== 'head') {
          assert.equal(decodeErrorAnswer(reply.text).code, 'token_invalid');
        }
      }
    }
  });

  test('is what answers are held against: one that it does not describe is noticed', () => {
    const check = new AnswerCheck(served);
    const answer = { code: 'bad_field', message: '', field: '', expected: '', actual: '', retryAfterMs: 0 };
    check.check('POST', '/v1/auth/sign-in', { status: 400, text: JSON.stringify({ error: answer }) });
    const wrong: [status: number, text: string][] = [
      [418, '{}'],
      [200, '{}'],
      [400, JSON.stringify({ error: answer, stack: 'at server.ts' })],
      [400, JSON.stringify({ error: { ...answer, code: 'sql' } })],
    ];
    wrong.forEach(([status, text]) => {
      assert.throws(() => check.check('POST', '/v1/auth/sign-in', { status, text }), /sign-in answered/);
    });
    assert.throws(() => check.check('POST', '/v1/rooms/r_1/leave', { status: 204, text: 'secret' }), /no body/);
  });
});
