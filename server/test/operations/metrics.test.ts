import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import type { Settings } from '../../src/settings';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { StoreFailure } from '../../src/store/store';
import { CARRIERS } from '../support/carriers';
import { ChildServer } from '../support/child-server';
import { Scrape } from '../support/scrape';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

/** Watched, and not stopped by limits that these tests are not about. */
const WATCHED = {
  settings: { metricsPort: 0 },
  ports: {
    limits: { messagesPerSecond: 100_000, messageBurst: 100_000, commandsPerSecond: 100_000, commandBurst: 100_000 },
  },
};

class BrokenStore extends SqliteStore {
  override listRooms(): ReturnType<SqliteStore['listRooms']> {
    return Promise.reject(new StoreFailure('disk full'));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** What carries each of the carriers that tests know, in the words of the metrics. */
const CARRIER_LABEL: Readonly<Record<string, string>> = {
  websocket: 'websocket',
  'websocket msgpack': 'websocket',
  sse: 'sse',
  'long-polling': 'poll',
  'socket.io': 'socketio',
};

describe('metrics', () => {
  let server: TestServer;
  let ann: Person;
  let roomId: string;

  before(async () => {
    server = await TestServer.start(WATCHED);
    ann = await server.person('Ann');
    ({ roomId } = await ann.api.createRoom('Measured'));
  });
  after(() => server.stop());

  for (const carrier of CARRIERS) {
    test(`count connections, sessions and closes over ${carrier.name}`, async () => {
      const label = CARRIER_LABEL[carrier.name] ?? '';
      const earlier = await Scrape.of(server);
      const client = await carrier.connect(server);
      client.hello(ann.tokens.accessToken);
      await client.next(FrameType.Welcome);
      const during = await Scrape.of(server);
      const rise = (later: Scrape, series: string): number => later.value(series) - earlier.value(series);
      assert.equal(rise(during, `parley_connections{carrier="${label}"}`), 1);
      assert.equal(rise(during, `parley_connections_opened_total{carrier="${label}"}`), 1);
      assert.equal(rise(during, 'parley_sessions_opened_total'), 1);
      assert.equal(rise(during, 'parley_frames_received_total{type="hello"}'), 1);
      await client.close();
      await server.untilConnections(0);
      const late = await Scrape.of(server);
      assert.equal(rise(late, `parley_connections{carrier="${label}"}`), 0);
      const closes = [...late.text.matchAll(/^parley_connections_closed_total\{.*\} (\d+)$/gm)];
      const closesBefore = [...earlier.text.matchAll(/^parley_connections_closed_total\{.*\} (\d+)$/gm)];
      const sum = (all: RegExpMatchArray[]): number => all.reduce((total, match) => total + Number(match[1]), 0);
      assert.equal(sum(closes) - sum(closesBefore), 1);
    });
  }

  test('count a message once: command, commit, ack, fan-out, and one delivery for each connection', async () => {
    const people = [ann, await server.person('Bo'), await server.person('Cy')];
    await Promise.all(people.slice(1).map((person) => person.api.join(roomId)));
    const clients = [];
    for (const person of people) {
      clients.push(await server.open(person));
    }
    await Promise.all(clients.map((client) => client.fence()));
    const earlier = await Scrape.of(server);
    const [first, ...others] = clients;
    assert.ok(first !== undefined);
    await first.answer(first.say(roomId, 'c_00000001', 'counted'));
    await first.answer(first.say(roomId, 'c_00000001', 'counted'));
    await Promise.all([first, ...others].map((client) => client.next(FrameType.RoomEvent)));
    const later = await Scrape.of(server);
    const rise = (series: string): number => later.value(series) - earlier.value(series);
    assert.equal(rise('parley_commands_applied_total{kind="message"}'), 1);
    assert.equal(rise('parley_commands_repeated_total{kind="message"}'), 1);
    assert.equal(rise('parley_commit_seconds_count'), 2);
    assert.equal(rise('parley_commit_commands_sum'), 2);
    assert.equal(rise('parley_ack_seconds_count'), 2);
    assert.equal(rise('parley_fan_outs_total'), 1);
    assert.equal(rise('parley_deliveries_total'), 3);
    assert.equal(rise('parley_delivery_lag_seconds_count'), 1);
    assert.ok(rise('parley_commit_seconds_sum') > 0);
    assert.ok(rise('parley_ack_seconds_sum') >= rise('parley_commit_seconds_sum'));
    await Promise.all(clients.map((client) => client.close()));
  });

  test('count refused frames by code, whole and refused resumes, and unread output', async () => {
    const client = await server.open(ann);
    const earlier = await Scrape.of(server);
    await client.refusal(client.say('r_elsewhere', 'c_00000009', 'text'));
    const resume = { roomId, epoch: 'e_other', afterSeq: 0 };
    await client.answer(client.command({ type: FrameType.LogResume, payload: resume }));
    const epoch = client.welcome.rooms.find((room) => room.roomId === roomId)?.epoch ?? '';
    for (let i = 0; i < 2; i++) {
      await client.answer(client.command({ type: FrameType.LogResume, payload: { ...resume, epoch } }));
    }
    const later = await Scrape.of(server);
    const rise = (series: string): number => later.value(series) - earlier.value(series);
    assert.equal(rise('parley_frames_refused_total{code="not_member"}'), 1);
    assert.equal(rise('parley_resumes_total{outcome="refused"}'), 1);
    assert.equal(rise('parley_resumes_total{outcome="recovered"}'), 2);
    assert.equal(rise('parley_frames_received_total{type="log.resume"}'), 3);
    await client.close();
  });

  test('show what a client does not read', async () => {
    const client = await server.open(ann);
    client.stopReading();
    const text = 'x'.repeat(4000);
    const writer = await server.open(ann);
    let scrape = await Scrape.of(server);
    // The system takes in some megabytes for the client before anything waits in the process.
    for (let said = 0; scrape.value('parley_unread_output_bytes') === 0 && said < 5000;) {
      const ids = Array.from({ length: 50 }, () => writer.say(roomId, `c_unread_${++said}`, text));
      await Promise.all(ids.map((id) => writer.answer(id)));
      scrape = await Scrape.of(server);
    }
    const total = scrape.value('parley_unread_output_bytes');
    assert.ok(total > 0);
    assert.equal(scrape.value('parley_unread_output_largest_bytes'), total);
    client.startReading();
    await Promise.all([client.close(), writer.close()]);
    await server.untilConnections(0);
    assert.equal((await Scrape.of(server)).value('parley_unread_output_bytes'), 0);
  });

  test('count requests by route and status, and bytes both ways', async () => {
    const earlier = await Scrape.of(server);
    await ann.api.history(roomId);
    await ann.api.call('GET', `/v1/rooms/r_unknown_room/events`);
    const later = await Scrape.of(server);
    const rise = (series: string): number => later.value(series) - earlier.value(series);
    const route = 'route="/v1/rooms/:roomId/events"';
    assert.equal(rise(`parley_http_requests_total{method="GET",${route},status="200"}`), 1);
    assert.equal(rise(`parley_http_requests_total{method="GET",${route},status="403"}`), 1);
    assert.equal(rise(`parley_http_request_seconds_count{method="GET",${route}}`), 2);
    assert.ok(rise('parley_network_received_bytes_total') > 200);
    assert.ok(rise('parley_network_sent_bytes_total') > 200);
    assert.ok(rise('parley_store_seconds_count{method="history"}') >= 1);
  });

  test('count calls of the store that failed, by method', async (t) => {
    const openStore = ({ dataDir }: Settings): SqliteStore => new BrokenStore(join(dataDir, 'parley.db'));
    const broken = await TestServer.start({ ...WATCHED, ports: { openStore } });
    t.after(() => broken.stop());
    const person = await broken.person('unlucky');
    assert.equal((await person.api.call('GET', '/v1/rooms')).status, 503);
    const scrape = await Scrape.of(broken);
    assert.equal(scrape.value('parley_store_failures_total{method="listRooms"}'), 1);
    assert.equal(scrape.value('parley_store_failures_total{method="commit"}'), 0);
  });

  test('hold no user, room, address or word of a client in any label', async () => {
    const secret = 'q_words_of_a_client';
    await ann.api.call('GET', `/${secret}?token=${secret}`);
    await ann.api.call('GET', `/v1/rooms/${secret}/events?before=1`);
    await ann.api.call('PROPFIND', `/v1/rooms/${secret}`);
    const rude = new WebSocket(server.socketUrl, ['parley.v1']);
    await once(rude, 'open');
    rude.close(4999, secret);
    await once(rude, 'close');
    const client = await server.open(ann);
    client.sendRaw(`{"type":"${secret}","id":1,"payload":{}}`);
    await client.fence();
    await client.close();
    await server.untilConnections(0);
    const scrape = await Scrape.of(server);
    for (const word of [secret, roomId, ann.userId, ann.userName, '127.0.0.1', '"4999"', '"PROPFIND"']) {
      assert.ok(!scrape.text.includes(word), word);
    }
    assert.equal(scrape.value('parley_connections_closed_total{code="other"}'), 1);
    const labels = [...scrape.labels.keys()].sort();
    assert.deepEqual(labels, ['carrier', 'code', 'kind', 'method', 'outcome', 'route', 'status', 'type']);
  });

  test('have names, units and types as Prometheus wants them', async () => {
    const { names, text } = await Scrape.of(server);
    assert.ok(names.length >= 20);
    for (const name of names) {
      assert.match(name, /^parley_[a-z_]+$/);
      const type = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(text)?.[1];
      assert.equal(name.endsWith('_total'), type === 'counter', name);
      assert.ok(!/_(ms|kb|percent|milliseconds)(_|$)/.test(name), name);
    }
  });

  test('of two servers in one process stay apart', async () => {
    const other = await TestServer.start(WATCHED);
    try {
      await other.person('Elsewhere');
      const [mine, theirs] = [await Scrape.of(server), await Scrape.of(other)];
      assert.equal(theirs.value('parley_store_seconds_count{method="createUser"}'), 1);
      assert.equal(theirs.value('parley_commands_applied_total{kind="message"}'), 0);
      assert.ok(mine.value('parley_commands_applied_total{kind="message"}') > 0);
    } finally {
      await other.stop();
    }
  });
});

describe('the port for operations', () => {
  test('is not there unless METRICS_PORT says so, and the public port never has metrics', async () => {
    const [plain, watched] = [await TestServer.start(), await TestServer.start(WATCHED)];
    try {
      assert.equal(plain.server.operationsAddress(), null);
      assert.equal((await plain.api.call('GET', '/metrics')).status, 404);
      assert.equal((await watched.api.call('GET', '/metrics')).status, 404);
      const { host, port } = watched.server.operationsAddress() ?? { host: '', port: 0 };
      assert.equal(host, '127.0.0.1');
      const base = `http://${host}:${port}`;
      assert.equal((await fetch(`${base}/healthz`)).status, 200);
      assert.deepEqual(await (await fetch(`${base}/readyz`)).json(), { ready: true, failing: [] });
      const metrics = await fetch(`${base}/metrics`);
      assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
      assert.match(await metrics.text(), /^parley_ready 1$/m);
      assert.equal((await fetch(`${base}/v1/rooms`)).status, 404);
    } finally {
      await Promise.all([plain.stop(), watched.stop()]);
    }
  });

  test('does not hold up the end for one who never finishes to ask', async () => {
    const server = await TestServer.start(WATCHED);
    const { host, port } = server.server.operationsAddress() ?? { host: '', port: 0 };
    const asking = connect(port, host);
    asking.write('GET /metrics HTTP/1.1\r\nHost: x\r\n');
    asking.on('error', () => undefined);
    const cut = once(asking, 'close');
    assert.equal((await fetch(`http://${host}:${port}/healthz`)).status, 200);
    const sinceMs = performance.now();
    await Promise.all([server.stop(), cut]);
    assert.ok(performance.now() - sinceMs < 30_000, 'Node itself waits a minute');
  });

  test('that is taken stops the start with a sentence that names it', async () => {
    const first = await TestServer.start(WATCHED);
    const dir = makeTempDir();
    try {
      const port = String(first.server.operationsAddress()?.port);
      const second = ChildServer.spawn({ DATA_DIR: dir.path, METRICS_PORT: port });
      assert.equal(await second.exit(), 1);
      assert.match(second.stderr, /^METRICS_HOST, METRICS_PORT: expected an address .* EADDRINUSE/);
    } finally {
      await first.stop();
      dir.remove();
    }
  });

  test('has the values of the process, where the server is one', async () => {
    const dir = makeTempDir();
    const port = await freePort();
    const child = await ChildServer.start({ DATA_DIR: dir.path, METRICS_PORT: String(port) });
    try {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      for (const name of [
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
        'nodejs_eventloop_lag_p99_seconds',
        'nodejs_heap_size_used_bytes',
      ]) {
        assert.match(text, new RegExp(`^${name} [0-9.e-]+$`, 'm'));
      }
      const types = [...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]);
      assert.equal(new Set(types).size, types.length);
    } finally {
      child.signal('SIGTERM');
      assert.equal(await child.exit(), 0);
      dir.remove();
    }
  });
});
