import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { encodeClientFrames } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { refusalIn } from '../support/api-client';
import { Cluster } from '../support/cluster';
import { EventText, type StreamEvent } from '../support/event-text';
import { FakeClock } from '../support/fake-clock';
import { HttpClient, type HttpReply } from '../support/http-client';
import { StreamClient } from '../support/line-client';
import { describeWithRedis } from '../support/redis-server';
import type { Person } from '../support/test-server';
import { until } from '../support/until';

/** A client behind a balancer that sends each request to another process than the one before. */
class Wanderer {
  key = '';
  lastEventId = 0;
  private readonly clients: HttpClient[];

  constructor(cluster: Cluster) {
    this.clients = cluster.members.map(({ server }) => new HttpClient(server.baseUrl));
  }

  at(index: number): HttpClient {
    return this.clients[index] as HttpClient;
  }

  post(index: number, path: string, body: string | Uint8Array = '', headers = {}): Promise<HttpReply> {
    return this.at(index).call('POST', path, { 'Parley-Line': this.key, ...headers }, body);
  }

  async open(index: number): Promise<void> {
    const reply = await this.at(index).call('POST', '/v1/poll');
    const [event] = EventText.all(reply.text);
    this.key = (JSON.parse(event?.data ?? '{}') as { line: string }).line;
  }

  async poll(index: number): Promise<StreamEvent[]> {
    const reply = await this.post(index, '/v1/poll', '', { 'Last-Event-ID': String(this.lastEventId) });
    assert.equal(reply.status, 200);
    const events = EventText.all(reply.text);
    events.forEach((event) => {
      this.lastEventId = Math.max(this.lastEventId, Number(event.id));
    });
    return events;
  }

  /** The types of the frames that a poll at `index` brings. */
  async frames(index: number): Promise<string[]> {
    const events = await this.poll(index);
    return events
      .filter(({ name }) => name === 'message')
      .map(({ data }) => (JSON.parse(data) as { type: string }).type);
  }

  hello(index: number, person: Person): Promise<HttpReply> {
    const payload = { token: person.tokens.accessToken, client: 'test' };
    return this.post(index, '/v1/send', encodeClientFrames([{ type: FrameType.Hello, id: 1, payload }], false));
  }

  close(): void {
    this.clients.forEach((client) => client.close());
  }
}

const PING = '{"type":"ping","id":2,"payload":{"sentAtMs":1}}';

describeWithRedis('lines over HTTP behind a balancer without sticky sessions', () => {
  let cluster: Cluster;
  let ann: Person;

  before(async () => {
    cluster = await Cluster.start({ size: 3 });
    ann = await cluster.person('ann');
  });
  after(() => cluster.end());

  async function opened(person = ann): Promise<Wanderer> {
    const client = new Wanderer(cluster);
    await client.open(0);
    assert.equal((await client.hello(1, person)).status, 204);
    assert.deepEqual(await client.frames(2), ['welcome']);
    return client;
  }

  test('long polling works whichever process gets each request', async () => {
    const client = await opened();
    const waiting = client.frames(1);
    assert.equal((await client.post(2, '/v1/send', PING)).status, 204);
    assert.deepEqual(await waiting, ['pong']);
    const { roomId } = await ann.api.createRoom('Wandering');
    const bo = await cluster.person('bo');
    await bo.api.join(roomId);
    assert.ok((await client.frames(2)).includes('room.added'));
    assert.equal((await client.post(1, '/v1/close')).status, 204);
    assert.equal((await client.post(2, '/v1/poll', '', { 'Last-Event-ID': '0' })).status, 410);
    client.close();
  });

  test('posts for a stream reach the process that holds it', async () => {
    const client = await StreamClient.connect(cluster.server(0).baseUrl);
    const other = new HttpClient(cluster.server(1).baseUrl);
    const payload = { token: ann.tokens.accessToken, client: 'test' };
    const hello = encodeClientFrames([{ type: FrameType.Hello, id: 1, payload }], false);
    assert.equal((await other.call('POST', '/v1/send', { 'Parley-Line': client.key }, hello)).status, 204);
    await client.next(FrameType.Welcome);
    assert.equal((await other.call('POST', '/v1/close', { 'Parley-Line': client.key })).status, 204);
    await client.closed();
    other.close();
    await client.close();
  });

  test('refuses by another process what is refused here, with the same words', async () => {
    const client = await opened();
    const badId = { 'Last-Event-ID': '99' };
    const [here, there] = [await client.post(0, '/v1/poll', '', badId), await client.post(1, '/v1/poll', '', badId)];
    assert.equal(refusalIn(here), '400 bad_field Last-Event-ID');
    assert.deepEqual([there.status, there.text], [here.status, here.text]);
    const tooLarge = await client.post(2, '/v1/send', 'x'.repeat(70_000));
    assert.equal(refusalIn(tooLarge), '413 too_large');
    assert.match((await client.poll(1)).at(-1)?.data ?? '', /"code":1009/);
    client.close();

    const second = await opened();
    assert.equal(refusalIn(await second.post(1, '/v1/send', Uint8Array.of(0xff, 0xfe))), '400 bad_frame');
    assert.match((await second.poll(2)).at(-1)?.data ?? '', /"code":1007/);
    second.close();
  });

  test('a poll ends the one before it, at whichever process that waits', async () => {
    const client = await opened(await cluster.person('cy'));
    const first = client.poll(1);
    assert.equal((await client.post(2, '/v1/send', PING)).status, 204);
    assert.equal((await first).length, 1);
    const waiting = client.poll(2);
    const next = client.poll(0);
    assert.equal((await client.post(1, '/v1/send', PING)).status, 204);
    const answers = await Promise.all([waiting, next]);
    assert.equal(answers.flat().filter(({ name }) => name === 'message').length, 1);
    await client.post(0, '/v1/close');
    client.close();
  });

  test('the poll of a client that went away is given up at its owner, and loses nothing', async () => {
    const client = await opened();
    const leaving = client.at(1).start('POST', '/v1/poll', { 'Parley-Line': client.key, 'Last-Event-ID': '1' });
    leaving.response.catch(() => undefined);
    await until(() => cluster.member(1).bus.requestCount === 1, 'the poll to be passed on');
    const sinceMs = performance.now();
    leaving.request.destroy();
    await until(() => cluster.member(1).bus.requestCount === 0, 'the poll to be given up');
    assert.ok(performance.now() - sinceMs < 20_000, 'a poll that nobody gives up ends after 25 s');
    assert.equal((await client.post(2, '/v1/send', PING)).status, 204);
    assert.deepEqual(await client.frames(2), ['pong']);
    await client.post(0, '/v1/close');
    client.close();
  });

  test('a line of a process that is gone is answered with 410 at once, and so is a key of none', async () => {
    const client = await opened();
    const gone = `l_${'x'.repeat(44)}`;
    for (const key of [gone, 'l_short', '']) {
      assert.equal((await client.post(1, '/v1/send', PING, { 'Parley-Line': key })).status, 410);
    }
    assert.equal((await client.post(1, '/v1/poll', '', { 'Parley-Line': gone, 'Last-Event-ID': '0' })).status, 410);
    assert.equal((await client.post(1, '/v1/close', '', { 'Parley-Line': gone })).status, 204);
    await client.post(0, '/v1/close');
    client.close();
  });

  test('a line whose owner shuts down is told so by a poll at another process, and then forgotten', async () => {
    const { server } = await cluster.add();
    const client = new Wanderer(cluster);
    await client.open(3);
    assert.equal((await client.hello(1, ann)).status, 204);
    assert.deepEqual(await client.frames(2), ['welcome']);
    const waiting = client.poll(1);
    await until(() => cluster.member(1).bus.requestCount === 1, 'the poll to be passed on');
    await cluster.retire(3);
    assert.match((await waiting).at(-1)?.data ?? '', /"code":1012/);
    assert.equal((await client.post(2, '/v1/send', PING)).status, 410);
    assert.equal(server.server.connectionCount(), 0);
    client.close();
  });
});

describeWithRedis('a line that has more than enough to do', () => {
  let cluster: Cluster;

  before(async () => {
    // Time stands still, so that nothing more is looked at meanwhile.
    cluster = await Cluster.start({ clock: new FakeClock(), limits: { commandsPerSecond: 1, commandBurst: 1 } });
  });
  after(() => cluster.end());

  test('holds the answer back by another process too, and refuses a second post meanwhile', async () => {
    const client = new Wanderer(cluster);
    await client.open(0);
    assert.equal((await client.hello(1, await cluster.person('ann'))).status, 204);
    assert.deepEqual(await client.frames(1), ['welcome']);
    // 31 messages wait for their turn; the 32nd waits with its answer.
    for (let i = 0; i < 31; i++) {
      assert.equal((await client.post(1, '/v1/send', PING)).status, 204);
    }
    const both = [client.post(0, '/v1/send', PING), client.post(1, '/v1/send', PING)];
    const refused = await Promise.race(both);
    assert.equal(refusalIn(refused), '429 rate_limited');
    assert.equal(refused.headers['retry-after'], '1');
    const closer = new HttpClient(cluster.server(1).baseUrl);
    assert.equal((await closer.call('POST', '/v1/close', { 'Parley-Line': client.key })).status, 204);
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [410, 429]);
    closer.close();
    client.close();
  });
});
