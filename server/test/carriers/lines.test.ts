import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { EventText, type StreamEvent } from '../support/event-text';
import { FakeClock } from '../support/fake-clock';
import { HttpClient, type HttpReply } from '../support/http-client';
import { PollClient, StreamClient } from '../support/line-client';
import { type Person, TestServer } from '../support/test-server';

const clock = new FakeClock();
let server: TestServer;
let ann: Person;

before(async () => {
  server = await TestServer.start({ clock });
  ann = await server.person('ann');
});
after(() => server.stop());

/** A polled line that the test drives request by request. */
class ManualLine {
  readonly http = new HttpClient(server.baseUrl);
  readonly posts = new HttpClient(server.baseUrl);
  key = '';
  private lastId = 0;

  static async open(): Promise<ManualLine> {
    const line = new ManualLine();
    const [event] = EventText.all((await line.http.call('POST', '/v1/poll')).text);
    line.key = (JSON.parse(event?.data ?? '{}') as { line: string }).line;
    return line;
  }

  static async welcomed(person: Person): Promise<ManualLine> {
    const line = await ManualLine.open();
    await line.send({ type: 'hello', id: 1, payload: { token: person.tokens.accessToken, client: '' } });
    const [welcome] = await line.pollAfter(0);
    assert.match(welcome?.data ?? '', /"type":"welcome"/);
    return line;
  }

  send(frame: object): Promise<HttpReply> {
    return this.posts.call('POST', '/v1/send', { 'Parley-Line': this.key }, JSON.stringify(frame));
  }

  ping(id: number): Promise<HttpReply> {
    return this.send({ type: 'ping', id, payload: { sentAtMs: 1 } });
  }

  async pollAfter(eventId: number | string, http = this.http): Promise<StreamEvent[]> {
    return EventText.all((await this.reply(eventId, http)).text);
  }

  reply(eventId: number | string, http = this.http): Promise<HttpReply> {
    return http.call('POST', '/v1/poll', { 'Parley-Line': this.key, 'Last-Event-ID': String(eventId) });
  }

  async close(): Promise<void> {
    await this.posts.call('POST', '/v1/close', { 'Parley-Line': this.key });
    this.http.close();
    this.posts.close();
  }
}

function idsOf(events: StreamEvent[]): string[] {
  return events.map((event) => event.id);
}

/** Advances the clock until `promise` is settled: the request that it waits for may not be there yet. */
async function advanceUntil<T>(promise: Promise<T>, stepMs: number): Promise<T> {
  let isSettled = false;
  void promise.finally(() => {
    isSettled = true;
  });
  while (!isSettled) {
    await server.api.call('GET', '/healthz');
    clock.advance(stepMs);
  }
  return promise;
}

describe('a polled line', () => {
  test('answers again what was answered before, until the client says that it arrived', async () => {
    const line = await ManualLine.welcomed(ann);
    await line.ping(2);
    assert.deepEqual(idsOf(await line.pollAfter(0)), ['1', '2']);
    assert.deepEqual(idsOf(await line.pollAfter(0)), ['1', '2']);
    assert.deepEqual(idsOf(await line.pollAfter(1)), ['2']);
    await line.ping(3);
    assert.deepEqual(idsOf(await line.pollAfter(2)), ['3']);
    await line.close();
  });

  test('answers a waiting poll as soon as there is something', async () => {
    const line = await ManualLine.welcomed(ann);
    const waiting = line.pollAfter(1);
    await line.ping(2);
    const [pong] = await waiting;
    assert.match(pong?.data ?? '', /"type":"pong","re":2/);
    await line.close();
  });

  test('answers with a comment when there is nothing for 25 s, and lives on', async () => {
    const line = await ManualLine.welcomed(ann);
    const events = await advanceUntil(line.pollAfter(1), 5000);
    assert.deepEqual(
      events.map((event) => event.name),
      [':'],
    );
    await line.ping(2);
    assert.deepEqual(idsOf(await line.pollAfter(1)), ['2']);
    await line.close();
  });

  test('ends a poll with nothing when another one comes, which gets the news', async () => {
    const line = await ManualLine.welcomed(ann);
    const other = new HttpClient(server.baseUrl);
    const exchange = line.http.start('POST', '/v1/poll', { 'Parley-Line': line.key, 'Last-Event-ID': '1' });
    await once(exchange.request, 'finish');
    const second = line.pollAfter(1, other);
    await Promise.race([exchange.response, second]);
    const first = await exchange.response;
    first.setEncoding('utf8');
    let text = '';
    for await (const part of first) {
      text += part as string;
    }
    assert.deepEqual([first.statusCode, text], [200, '']);
    await line.ping(2);
    assert.deepEqual(idsOf(await second), ['2']);
    other.close();
    await line.close();
  });

  test('dies when no poll comes for 30 s, and says 4408 to the one that comes later', async () => {
    await server.untilConnections(0);
    const line = await ManualLine.welcomed(ann);
    clock.advance(29_999);
    assert.equal(server.server.connectionCount(), 1);
    clock.advance(1);
    assert.equal(server.server.connectionCount(), 0);
    assert.equal((await line.ping(2)).status, 410);
    const [event] = await line.pollAfter(1);
    assert.equal(event?.name, 'close');
    assert.equal((JSON.parse(event.data) as { code: number }).code, 4408);
    await line.close();
  });

  test('says how it was closed to every poll for 30 s, then knows nothing of the line', async () => {
    const line = await ManualLine.open();
    await line.ping(1);
    for (let polls = 0; polls < 2; polls++) {
      const events = await line.pollAfter(0);
      assert.deepEqual(
        events.map((event) => event.name),
        ['message', 'close'],
      );
    }
    clock.advance(30_000);
    assert.equal((await line.reply(0)).status, 410);
    await line.close();
  });

  test('keeps a connection alive that only polls', async () => {
    const line = await ManualLine.welcomed(ann);
    for (let i = 0; i < 6; i++) {
      clock.advance(15_000);
      assert.deepEqual(idsOf(await line.pollAfter(0)), ['1']);
    }
    await line.close();
  });

  test('is closed with 4413 when more than 1 MiB waits for its confirmation', async () => {
    await server.untilConnections(0);
    const bo = await server.person('bo');
    const { roomId } = await bo.api.createRoom('Unconfirmed');
    await ann.api.join(roomId);
    const line = await ManualLine.welcomed(ann);
    const writer = await server.open(bo);
    const say = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) {
        await writer.answer(writer.say(roomId, `c_${String(i).padStart(8, '0')}`, '茶'.repeat(4000)));
      }
    };
    // 12,000 bytes of text in each and some 230 around it: 85 are within the limit, 87 are not.
    await say(0, 60);
    clock.advance(10_000);
    await say(60, 85);
    assert.equal(server.server.connectionCount(), 2);
    await say(85, 87);
    assert.equal(server.server.connectionCount(), 1);
    const events = await line.pollAfter(1);
    assert.equal((JSON.parse(events.at(-1)?.data ?? '') as { code: number }).code, 4413);
    assert.deepEqual(
      idsOf(events.slice(0, -1)),
      events.slice(0, -1).map((_, index) => String(index + 2)),
    );
    await writer.close();
    await line.close();
  });

  [['-1'], ['two'], ['2'], ['99999999999999999999']].forEach(([id = '']) => {
    test(`refuses ${id} as the newest event, when that is 1`, async () => {
      const line = await ManualLine.welcomed(ann);
      assert.equal((await line.reply(id)).status, 400);
      await line.close();
    });
  });
});

describe('a stream', () => {
  test('is what proxies pass on at once and never keep', async () => {
    const http = new HttpClient(server.baseUrl);
    const { headers, statusCode } = await http.start('GET', '/v1/sse').response;
    assert.equal(statusCode, 200);
    assert.match(headers['content-type'] ?? '', /^text\/event-stream/);
    assert.equal(headers['cache-control'], 'no-store, no-transform');
    assert.equal(headers['x-accel-buffering'], 'no');
    http.close();
  });

  test('numbers its frames from 1 on', async () => {
    const client = await StreamClient.connect(server.baseUrl);
    client.hello(ann.tokens.accessToken);
    await client.next(FrameType.Welcome);
    await client.fence();
    assert.deepEqual(client.eventIds, ['1', '2']);
    await client.close();
  });

  test('gets a comment every 15 s', async () => {
    const client = await StreamClient.connect(server.baseUrl);
    client.hello(ann.tokens.accessToken);
    await client.next(FrameType.Welcome);
    clock.advance(14_999);
    await client.fence();
    assert.equal(client.comments, 0);
    for (let count = 1; count <= 3; count++) {
      clock.advance(15_000);
      await client.until(() => client.comments === count, `comment ${count}`);
      await client.fence();
    }
    await client.close();
  });

  test('is not opened by a question for its head', async () => {
    assert.equal((await server.api.call('HEAD', '/v1/sse')).status, 404);
  });
});

describe('what is posted', () => {
  function ping(id: number): object {
    return { type: 'ping', id, payload: { sentAtMs: 1 } };
  }

  /** The next command after it waits. `hello` was one of the 300 that may come at once. */
  async function fillInbox(send: (frame: object) => Promise<HttpReply> | undefined): Promise<void> {
    for (let at = 0; at < 299; at += 23) {
      const batch = Array.from({ length: 23 }, (_, index) => ping(2 + at + index));
      assert.equal((await send(batch))?.status, 204);
    }
    for (let i = 0; i < 31; i++) {
      assert.equal((await send(ping(400 + i)))?.status, 204);
    }
  }

  test('to a line that nobody opened, or to none, is answered with 410', async () => {
    const http = new HttpClient(server.baseUrl);
    for (const headers of [{}, { 'Parley-Line': 'l_nobody' }]) {
      assert.equal((await http.call('POST', '/v1/send', headers, '{}')).status, 410);
    }
    const poll = { 'Parley-Line': 'l_nobody', 'Last-Event-ID': '0' };
    assert.equal((await http.call('POST', '/v1/poll', poll)).status, 410);
    assert.equal((await http.call('POST', '/v1/close', poll)).status, 204);
    http.close();
  });

  test('to a line after its good-bye is answered with 410', async () => {
    const client = await PollClient.connect(server.baseUrl);
    client.hello(ann.tokens.accessToken);
    await client.next(FrameType.Welcome);
    await client.close();
    const http = new HttpClient(server.baseUrl);
    assert.equal((await http.call('POST', '/v1/send', { 'Parley-Line': client.key }, '{}')).status, 410);
    assert.equal((await http.call('POST', '/v1/poll', { 'Parley-Line': client.key })).status, 410);
    http.close();
  });

  test('waits while the inbox is full; a second post then is refused and not taken in', async () => {
    const line = await ManualLine.welcomed(ann);
    await fillInbox((frame) => line.send(frame));
    // Whichever of the two comes first is the one that waits.
    const other = new HttpClient(server.baseUrl);
    const both = [
      line.ping(431),
      other.call('POST', '/v1/send', { 'Parley-Line': line.key }, JSON.stringify(ping(500))),
    ];
    assert.equal((await Promise.race(both)).status, 429);
    const statuses = (await advanceUntil(Promise.all(both), 10)).map((reply) => reply.status);
    assert.deepEqual(statuses.sort(), [204, 429]);
    clock.advance(5000);
    await line.ping(600);
    const pongs = (await line.pollAfter(0)).map((event) => (JSON.parse(event.data) as { re: number }).re);
    assert.equal(pongs.filter((re) => re === 431 || re === 500).length, 1);
    other.close();
    await line.close();
  });

  test('and waits is answered with 410 when the stream of its line goes', async () => {
    const stream = new HttpClient(server.baseUrl);
    const response = await stream.start('GET', '/v1/sse').response;
    const [chunk] = (await once(response.setEncoding('utf8'), 'data')) as [string];
    const { line } = JSON.parse(EventText.all(chunk)[0]?.data ?? '{}') as { line: string };
    const posts = [new HttpClient(server.baseUrl), new HttpClient(server.baseUrl)];
    const post = (frame: object, by = posts[0]): Promise<HttpReply> | undefined =>
      by?.call('POST', '/v1/send', { 'Parley-Line': line }, JSON.stringify(frame));
    await post({ type: 'hello', id: 1, payload: { token: ann.tokens.accessToken, client: '' } });
    await fillInbox(post);
    const both = posts.map((by) => post(ping(431), by));
    assert.equal((await Promise.race(both))?.status, 429);
    stream.close();
    const statuses = (await Promise.all(both)).map((reply) => reply?.status);
    assert.deepEqual(statuses.sort(), [410, 429]);
    posts.forEach((each) => each.close());
  });

  test('without a line carries no token into a session', async () => {
    const token = ann.tokens.accessToken;
    const http = new HttpClient(server.baseUrl);
    for (const path of [`/v1/poll?token=${token}`, `/v1/poll?access_token=${token}`]) {
      const authorization = { Authorization: `Bearer ${token}` };
      const [open] = EventText.all((await http.call('POST', path, authorization)).text);
      const key = (JSON.parse(open?.data ?? '') as { line: string }).line;
      const ping = JSON.stringify({ type: 'ping', id: 1, payload: { sentAtMs: 1 } });
      await http.call('POST', '/v1/send', { 'Parley-Line': key }, ping);
      const reply = await http.call('POST', '/v1/poll', { 'Parley-Line': key, 'Last-Event-ID': '0' });
      assert.match(reply.text, /hello_expected/);
    }
    http.close();
  });
});

describe('pages from elsewhere', () => {
  const lines: [method: string, path: string][] = [
    ['GET', '/v1/sse'],
    ['POST', '/v1/poll'],
    ['POST', '/v1/send'],
    ['POST', '/v1/close'],
  ];

  lines.forEach(([method, path]) => {
    test(`of a stranger are kept from ${path} before anything happens`, async () => {
      const http = new HttpClient(server.baseUrl);
      await server.untilConnections(0);
      const reply = await http.call(method, path, { Origin: 'https://evil.example' });
      assert.equal(reply.status, 403);
      assert.equal(reply.headers['access-control-allow-origin'], undefined);
      assert.equal(server.server.connectionCount(), 0);
      http.close();
    });

    test(`of this machine may ask for ${path} with the headers of a line`, async () => {
      const origin = 'http://localhost:5173';
      const reply = await server.api.call('OPTIONS', path, undefined, {
        Origin: origin,
        'Access-Control-Request-Method': method,
      });
      assert.equal(reply.status, 204);
      assert.equal(reply.headers.get('access-control-allow-origin'), origin);
      const allowed = (reply.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(', ');
      const wanted = ['accept', 'content-type', 'cache-control', 'last-event-id', 'parley-line'];
      assert.deepEqual(
        wanted.filter((name) => !allowed.includes(name)),
        [],
      );
    });
  });

  test('of this machine may read a stream and the answer to a poll', async () => {
    const http = new HttpClient(server.baseUrl);
    const headers = { Origin: 'http://localhost:5173' };
    const poll = await http.call('POST', '/v1/poll', headers);
    assert.equal(poll.headers['access-control-allow-origin'], headers.Origin);
    const stream = await http.start('GET', '/v1/sse', headers).response;
    assert.equal(stream.headers['access-control-allow-origin'], headers.Origin);
    http.close();
  });
});
