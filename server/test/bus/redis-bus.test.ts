import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { EventKind, PresenceStatus, type RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import type { AnswerRequest } from '../../src/bus/bus';
import { PROCESS_SILENT_MS } from '../../src/bus/process-book';
import { BEAT_MS, RedisBus } from '../../src/bus/redis-bus';
import { IdMaker, systemRandom } from '../../src/ports/ids';
import { FakeClock } from '../support/fake-clock';
import { HeardNews } from '../support/heard-news';
import { describeWithRedis, RedisServer } from '../support/redis-server';
import { TcpRelay } from '../support/tcp-relay';
import { until } from '../support/until';

const PASSWORD = 'do-not-log-me';
const ONLINE = PresenceStatus.Online;
const NOBODY_LEAVES = new AbortController().signal;

interface LogLine {
  readonly level: number;
  readonly msg: string;
}

function eventOf(seq: number): RoomEvent {
  const who = { userId: 'u_ann', userName: 'Ann', clientId: `c_${10_000_000 + seq}`, text: `text ${seq}` };
  return { roomId: 'r_1', seq, atMs: 1, kind: EventKind.Message, ...who };
}

describeWithRedis('RedisBus', () => {
  let redis: RedisServer;
  let clock: FakeClock;
  let buses: RedisBus[];
  let logText: string;

  beforeEach(async () => {
    redis = await RedisServer.start(PASSWORD);
    clock = new FakeClock();
    buses = [];
    logText = '';
  });
  afterEach(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await redis.end();
  });

  function make(news = new HeardNews(), answer: AnswerRequest = async () => '', url = redis.url): RedisBus {
    const log = pino({ level: 'debug', base: null }, { write: (line) => (logText += line) });
    const bus = new RedisBus({ url, processId: new IdMaker(systemRandom).make('p'), clock, log });
    buses.push(bus);
    bus.start(news, answer);
    return bus;
  }

  function lines(level: number): string[] {
    const all = logText.split('\n').filter((line) => line !== '');
    return all
      .map((line) => JSON.parse(line) as LogLine)
      .filter((line) => line.level === level)
      .map(({ msg }) => msg);
  }

  async function ready(...some: RedisBus[]): Promise<void> {
    await until(() => some.every((bus) => bus.isReady()), 'the buses');
  }

  async function beat(): Promise<void> {
    const before = buses.map((bus) => bus.signsHeard);
    clock.advance(BEAT_MS);
    const living = buses.filter((bus) => bus.isReady());
    await until(
      () => buses.every((bus, i) => !bus.isReady() || bus.signsHeard >= (before[i] ?? 0) + living.length),
      'the signs of life',
    );
  }

  test('what one process says the others hear, as it was said', async () => {
    const news = new HeardNews();
    const [one, other] = [make(), make(news)];
    await ready(one, other);
    other.listen('r_1');
    await until(() => news.all.includes('listening r_1'), 'the subscription');
    one.announce('r_1', { kind: 'event', epoch: 'e_1', event: eventOf(7) });
    one.announce('r_1', { kind: 'head', epoch: 'e_1', seq: 8 });
    one.announce('r_2', { kind: 'head', epoch: 'e_1', seq: 8 });
    one.announce('r_1', { kind: 'typing', userId: 'u_ann', isTyping: true });
    one.tellAll({ kind: 'member', roomId: 'r_1', userId: 'u_bo', epoch: 'e_1', seq: 9 });
    one.tellAll({ kind: 'sessions-ended', userId: 'u_bo', exceptSessionId: '' });
    await until(() => news.notices.length === 5, 'five notices');
    assert.deepEqual(news.notices, [
      { kind: 'event', epoch: 'e_1', event: eventOf(7) },
      { kind: 'head', epoch: 'e_1', seq: 8 },
      { kind: 'typing', userId: 'u_ann', isTyping: true },
      { kind: 'member', roomId: 'r_1', userId: 'u_bo', epoch: 'e_1', seq: 9 },
      { kind: 'sessions-ended', userId: 'u_bo', exceptSessionId: '' },
    ]);
  });

  test('communities in two databases of one Redis do not hear each other', async () => {
    const news = new HeardNews();
    const one = make(new HeardNews(), async () => '', `${redis.url}/1`);
    const [other, third] = [
      make(news, async () => '', `${redis.url}/2`),
      make(new HeardNews(), undefined, `${redis.url}/2`),
    ];
    await ready(one, other, third);
    one.tellAll({ kind: 'session-ended', sessionId: 's_1' });
    third.tellAll({ kind: 'session-ended', sessionId: 's_2' });
    await until(() => news.notices.length === 1, 'a notice');
    assert.deepEqual(news.notices, [{ kind: 'session-ended', sessionId: 's_2' }]);
  });

  test('starts while Redis is not there, and says once that it is away and once that it is back', async () => {
    await redis.stop();
    const news = new HeardNews();
    const bus = make(news);
    await until(() => lines(40).length > 0, 'the warning');
    assert.equal(bus.isReady(), false);
    await redis.restart();
    await ready(bus);
    // Connections were open meanwhile: what concerned them may have been missed.
    assert.deepEqual(news.all, ['return']);
    await redis.stop();
    await until(() => !bus.isReady(), 'the loss');
    await redis.restart();
    await ready(bus);
    assert.deepEqual(lines(40), Array(2).fill('Redis is away; other processes are not heard'));
    assert.deepEqual(lines(30), Array(2).fill('Redis is back'));
  });

  test('a wrong password is told without it', async () => {
    const wrong = redis.url.replace(PASSWORD, 'another-secret');
    make(new HeardNews(), async () => '', wrong);
    await until(() => lines(40).length > 0, 'the warning');
    await redis.stop();
    assert.doesNotMatch(logText, /another-secret|do-not-log-me/);
  });

  test('tells after a cut how far the rooms came and what all must know, with bounded memory', async () => {
    const relay = await TcpRelay.start(redis.port);
    const news = new HeardNews();
    const one = make(new HeardNews(), async () => '', redis.urlAt(relay.port));
    const other = make(news);
    await ready(one, other);
    other.listen('r_1');
    await until(() => news.all.includes('listening r_1'), 'the subscription');
    relay.cut();
    await until(() => !one.isReady(), 'the cut');
    [1, 3, 2].forEach((seq) => one.announce('r_1', { kind: 'event', epoch: 'e_1', event: eventOf(seq) }));
    one.announce('r_1', { kind: 'typing', userId: 'u_ann', isTyping: true });
    for (let i = 0; i < 1500; i++) {
      one.announce(`r_other_${i}`, { kind: 'head', epoch: 'e_1', seq: 1 });
    }
    one.tellAll({ kind: 'session-ended', sessionId: 's_1' });
    relay.mend();
    await until(() => news.notices.length === 3, 'three notices');
    assert.deepEqual(news.notices, [
      { kind: 'session-ended', sessionId: 's_1' },
      { kind: 'missed' },
      { kind: 'head', epoch: 'e_1', seq: 3 },
    ]);
    await one.close();
    await relay.end();
  });

  test('tells after a cut which rooms are heard again, and that something may have been missed', async () => {
    const news = new HeardNews();
    const bus = make(news);
    await ready(bus);
    bus.listen('r_1');
    bus.listen('r_2');
    bus.unlisten('r_2');
    await until(() => news.all.includes('listening r_1'), 'the subscription');
    await redis.stop();
    await until(() => !bus.isReady(), 'the loss');
    bus.listen('r_3');
    await redis.restart();
    await ready(bus);
    assert.deepEqual(news.all, ['return', 'listening r_1', 'return', 'listening r_1,r_3']);
  });

  test('a later process hears who is online, and every change after that once', async () => {
    const one = make();
    await ready(one);
    one.setPresence('u_ann', { status: ONLINE, roomIds: ['r_1', 'r_2'] }, 0);
    const news = new HeardNews();
    await ready(make(news));
    await until(() => news.all.includes('u_ann online r_1,r_2'), 'the one who was there');
    one.setPresence('u_bo', { status: PresenceStatus.Away, roomIds: [] }, 0);
    one.setPresence('u_ann', null, 77);
    await until(() => news.all.includes('u_ann offline 77'), 'the last change');
    assert.deepEqual(
      news.all.filter((line) => line.startsWith('u_bo')),
      ['u_bo away '],
    );
    await one.close();
    await until(() => news.all.includes('goodbye u_bo'), 'the good-bye');
    const looker = new Redis(redis.url);
    assert.deepEqual((await looker.keys('parley:0:users:*')).length, 1);
    looker.disconnect();
  });

  test('a process that stood still takes nobody for dead whom it could not hear', async () => {
    const news = new HeardNews();
    const [one, other] = [make(news), make()];
    await ready(one, other);
    other.setPresence('u_ann', { status: ONLINE, roomIds: ['r_1'] }, 0);
    await until(() => news.all.includes('u_ann online r_1'), 'the news');
    clock.stall(10 * PROCESS_SILENT_MS);
    await beat();
    assert.deepEqual(
      news.all.filter((line) => line.startsWith('u_ann')),
      ['u_ann online r_1'],
    );
  });

  test('of the processes that see one die exactly one inherits its users', async () => {
    const relay = await TcpRelay.start(redis.port);
    const heirs = [new HeardNews(), new HeardNews()];
    const dying = make(new HeardNews(), async () => '', redis.urlAt(relay.port));
    await ready(dying, ...heirs.map((news) => make(news)));
    dying.setPresence('u_ann', { status: ONLINE, roomIds: ['r_1'] }, 0);
    await until(() => heirs.every((news) => news.all.includes('u_ann online r_1')), 'the news');
    await beat();
    const atMs = clock.nowMs();
    relay.cut();
    await until(() => !dying.isReady(), 'the cut');
    for (let passedMs = 0; passedMs < PROCESS_SILENT_MS; passedMs += BEAT_MS) {
      await beat();
    }
    const inheritance = `inherited u_ann ${atMs}`;
    await until(() => heirs.some((news) => news.all.includes(inheritance)), 'the inheritance');
    await beat();
    heirs.forEach((news) => assert.equal(news.all.filter((line) => line === `u_ann offline ${atMs}`).length, 1));
    assert.equal(heirs.flatMap((news) => news.all).filter((line) => line === inheritance).length, 1);
    await dying.close();
    await relay.end();
  });

  test('the users of processes that all died are inherited by the first that starts', async () => {
    const looker = new Redis(redis.url);
    await looker.sadd('parley:0:processes', 'p_dead00000000');
    const seen = JSON.stringify({ status: 'online', roomIds: [] });
    await looker.hset('parley:0:users:p_dead00000000', { '': '3', '@': '1234', u_ann: seen });
    looker.disconnect();
    const news = new HeardNews();
    await ready(make(news));
    for (let passedMs = 0; passedMs <= PROCESS_SILENT_MS; passedMs += BEAT_MS) {
      await beat();
    }
    await until(() => news.all.includes('inherited u_ann 1234'), 'the inheritance');
  });

  test('a request is answered by the process that it names, and given up where that one is silent or the asker leaves', async () => {
    const seen: string[] = [];
    const held: AbortSignal[] = [];
    const other = make(new HeardNews(), async (body, signal) => {
      seen.push(body);
      if (body === 'hold') {
        held.push(signal);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      return `answer to ${body}`;
    });
    const relay = await TcpRelay.start(redis.port);
    const silent = make(new HeardNews(), async () => 'too late', redis.urlAt(relay.port));
    const one = make();
    await ready(one, other, silent);
    assert.equal(await one.request(other.processId, 'this', NOBODY_LEAVES), 'answer to this');
    const leaving = new AbortController();
    const left = one.request(other.processId, 'hold', leaving.signal);
    await until(() => held.length === 1, 'the request');
    leaving.abort();
    assert.equal(await left, null);
    await until(() => held[0]?.aborted === true, 'the word that nobody waits');
    relay.silence();
    const unanswered = one.request(silent.processId, 'anyone?', NOBODY_LEAVES);
    // Redis has taken the request when it has answered another one on the same connection.
    await one.request(other.processId, 'that', NOBODY_LEAVES);
    clock.advance(3000);
    assert.equal(await unanswered, null);
    assert.deepEqual(seen, ['this', 'hold', 'that']);
    await silent.close();
    await relay.end();
  });

  test('what it does not understand is told once and changes nothing', async () => {
    const news = new HeardNews();
    const bus = make(news);
    await ready(bus);
    const looker = new Redis(redis.url);
    for (const text of [
      '',
      'p_x',
      'p_x nonsense',
      'p_x {"kind":"of its own"}',
      'p_x {"kind":"member","seq":-1}',
      'p_x []',
    ]) {
      await looker.publish('parley:0:all', text);
      await looker.publish(`parley:0:process:${bus.processId}`, text);
    }
    await looker.publish('parley:0:all', 'p_x {"kind":"session-ended","sessionId":"s_1"}');
    looker.disconnect();
    await until(() => news.notices.length === 1, 'the notice behind it');
    assert.deepEqual(lines(40), ['a notice was not understood']);
  });
});
