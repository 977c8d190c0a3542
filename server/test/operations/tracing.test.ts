import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createLog } from '../../src/operations/log';
import { ChildServer } from '../support/child-server';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly links?: readonly { readonly spanId: string }[];
  readonly status: { readonly code?: number };
}

interface TraceBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: unknown }[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

/** A collector that keeps what it is sent over OTLP/HTTP with JSON. */
class Collector {
  readonly spans: SentSpan[] = [];
  readonly paths = new Set<string>();
  text = '';
  status = 200;
  private readonly server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      this.text += text;
      this.paths.add(`${request.method} ${request.url} ${request.headers['content-type']}`);
      (JSON.parse(text) as TraceBody).resourceSpans.forEach(({ scopeSpans }) =>
        scopeSpans.forEach(({ spans }) => this.spans.push(...spans)),
      );
      response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  named(name: string): SentSpan[] {
    return this.spans.filter((span) => span.name === name);
  }
}

function attribute(span: SentSpan | undefined, key: string): unknown {
  const value = span?.attributes.find((one) => one.key === key)?.value ?? {};
  return Object.values(value)[0];
}

const CALLER = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };

describe('traces', () => {
  const collector = new Collector();
  let ann: Person;

  before(async () => {
    const otlpEndpoint = await collector.listen();
    const server = await TestServer.start({ settings: { otlpEndpoint } });
    ann = await server.person('Ann');
    const { roomId } = await ann.api.createRoom('Traced');
    const client = await server.open(ann);
    const ids = ['c_traced_0001', 'c_traced_0002', 'c_traced_0003'].map((clientId) =>
      client.number({ type: 'message.send' as never, payload: { roomId, clientId, text: 'a private word' } as never }),
    );
    client.sendFrames(ids);
    await Promise.all(ids.map(({ id }) => client.answer(id)));
    await client.refusal(client.say('r_elsewhere', 'c_traced_0004', 'a private word'));
    const traceparent = `00-${CALLER.trace}-${CALLER.span}-01`;
    await ann.api.call('GET', `/v1/rooms/${roomId}/events?before=7`, undefined, { traceparent });
    await ann.api.call('GET', '/v1/rooms', undefined, { traceparent: `00-${'f'.repeat(32)}-${CALLER.span}-00` });
    await ann.api.call('GET', '/v1/secret-path?token=secret', undefined, { traceparent: 'nonsense' });
    await client.close();
    await server.stop();
  });
  after(() => collector.close());

  test('go to the collector as OTLP over HTTP, before the server has ended', () => {
    assert.deepEqual([...collector.paths], ['POST /v1/traces application/json']);
    assert.ok(collector.text.includes('"service.name","value":{"stringValue":"parley"}'));
  });

  test('have each request by its route and status, as a part of the caller’s trace', () => {
    const [history] = collector.named('GET /v1/rooms/:roomId/events');
    assert.deepEqual([history?.traceId, history?.parentSpanId, history?.kind], [CALLER.trace, CALLER.span, 2]);
    assert.equal(attribute(history, 'http.response.status_code'), 200);
    const [unknown] = collector.named('GET none');
    assert.equal(attribute(unknown, 'http.response.status_code'), 404);
    assert.equal(unknown?.parentSpanId, undefined);
  });

  test('leave out what the caller does not record', () => {
    assert.deepEqual(collector.named('GET /v1/rooms'), []);
  });

  test('show a command of a request as a part of it, and its commit as a part of the command', () => {
    const [request] = collector.named('POST /v1/rooms');
    const [command] = collector.named('command create');
    assert.deepEqual([command?.traceId, command?.parentSpanId], [request?.traceId, request?.spanId]);
    assert.equal(attribute(command, 'parley.outcome'), 'applied');
    const commit = collector.named('commit').find((span) => span.parentSpanId === command?.spanId);
    assert.equal(attribute(commit, 'parley.commands'), 1);
    assert.ok(collector.named('publish').some((span) => span.parentSpanId === command?.spanId));
  });

  test('show messages of one transaction under one commit, which is linked to all of them', () => {
    const commands = collector.named('command message').filter((one) => attribute(one, 'parley.outcome') === 'applied');
    assert.equal(commands.length, 3);
    const spanIds = commands.map((span) => span.spanId);
    const commits = collector.named('commit').filter((span) => spanIds.includes(span.parentSpanId ?? ''));
    const reached = commits.flatMap((span) => [
      span.parentSpanId ?? '',
      ...(span.links ?? []).map((link) => link.spanId),
    ]);
    assert.deepEqual(reached.sort(), spanIds.sort());
    assert.ok(commits.length < 3, 'three messages of one batch share a transaction');
    const refused = collector.named('command message').find((one) => !spanIds.includes(one.spanId));
    assert.equal(attribute(refused, 'parley.outcome'), 'not_member');
  });

  test('hold nothing that a client said', () => {
    for (const word of ['private', 'secret', ann.userName, ann.userId, ann.tokens.accessToken, 'Traced']) {
      assert.ok(!collector.text.includes(word), word);
    }
  });
});

describe('a collector that takes nothing', () => {
  test('is told once, costs no request, and does not hold up the end', async () => {
    const collector = new Collector();
    collector.status = 400;
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => lines.push(line) });
    const server = await TestServer.start({ settings: { otlpEndpoint: await collector.listen() }, ports: { log } });
    assert.equal((await server.api.call('GET', '/healthz')).status, 200);
    await server.stop();
    collector.close();
    assert.equal(lines.filter((line) => line.includes('traces are lost')).length, 1);
  });
});

describe('without OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  test('no library of OpenTelemetry is loaded but the one that metrics bring', async () => {
    const dir = makeTempDir();
    const server = await ChildServer.start({ DATA_DIR: dir.path, NODE_DEBUG: 'esm,module' });
    server.signal('SIGTERM');
    assert.equal(await server.exit(), 0);
    assert.ok(server.stderr.includes('fastify'));
    for (const name of ['sdk-trace-base', 'exporter-trace-otlp-http', 'otlp-tracing']) {
      assert.ok(!server.stderr.includes(name), name);
    }
    dir.remove();
  });
});
