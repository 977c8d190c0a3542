import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pino } from 'pino';
import { EventKind, PresenceStatus, type RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import type { Bus } from '../../src/bus/bus';
import { LocalBus } from '../../src/bus/local-bus';
import { RedisBus } from '../../src/bus/redis-bus';
import { SystemClock } from '../../src/ports/clock';
import { IdMaker, systemRandom } from '../../src/ports/ids';
import { HeardNews } from '../support/heard-news';
import { describeWithRedis, RedisServer } from '../support/redis-server';
import { until } from '../support/until';

interface Kind {
  readonly name: string;
  /** As `describe`. */
  suite(name: string, define: () => void): void;
  open(): Promise<void>;
  make(): Bus;
  close(): Promise<void>;
}

const ids = new IdMaker(systemRandom);
let redis: RedisServer;

const KINDS: readonly Kind[] = [
  {
    name: 'LocalBus',
    suite: (name, define) => void describe(name, define),
    open: async () => undefined,
    make: () => new LocalBus(ids.make('p')),
    close: async () => undefined,
  },
  {
    name: 'RedisBus',
    suite: describeWithRedis,
    open: async () => {
      redis = await RedisServer.start();
    },
    make: () => {
      const log = pino({ level: 'silent' });
      return new RedisBus({ url: redis.url, processId: ids.make('p'), clock: new SystemClock(), log });
    },
    close: () => redis.end(),
  },
];

const EVENT: RoomEvent = {
  roomId: 'r_1',
  seq: 1,
  atMs: 1,
  kind: EventKind.Message,
  userId: 'u_ann',
  userName: 'Ann',
  clientId: 'c_00000001',
  text: 'text',
};

/** What the rest of the server relies on, whether the process is alone or not. */
for (const kind of KINDS) {
  kind.suite(`${kind.name} as a Bus`, () => {
    before(() => kind.open());
    after(() => kind.close());

    /** Everything that can be said. */
    function sayAll(bus: Bus): void {
      bus.listen('r_1');
      bus.announce('r_1', { kind: 'event', epoch: 'e_1', event: EVENT });
      bus.announce('r_1', { kind: 'typing', userId: 'u_ann', isTyping: true });
      bus.tellAll({ kind: 'session-ended', sessionId: 's_1' });
      bus.setPresence('u_ann', { status: PresenceStatus.Online, roomIds: ['r_1'] }, 0);
      bus.setPresence('u_ann', null, 1);
      bus.unlisten('r_1');
    }

    test('becomes ready, and hears nothing of what it says itself', async () => {
      const bus = kind.make();
      const news = new HeardNews();
      bus.start(news, async () => '');
      await until(() => bus.isReady(), 'the bus');
      sayAll(bus);
      assert.equal(await bus.request(bus.processId, 'to itself', new AbortController().signal), null);
      if (bus.isShared) {
        // What another one says last comes behind all that would come.
        const other = kind.make();
        other.start(new HeardNews(), async () => '');
        await until(() => other.isReady(), 'the other bus');
        other.tellAll({ kind: 'session-ended', sessionId: 's_of_the_other' });
        await until(() => news.notices.length > 0, 'its notice');
        assert.deepEqual(news.all, ['return', 'session-ended']);
        assert.deepEqual(news.notices, [{ kind: 'session-ended', sessionId: 's_of_the_other' }]);
        await other.close();
      } else {
        assert.deepEqual(news.all, []);
      }
      await bus.close();
    });

    test('what is said before it is ready, or after it was closed, is harmless', async () => {
      const bus = kind.make();
      bus.start(new HeardNews(), async () => '');
      sayAll(bus);
      await until(() => bus.isReady(), 'the bus');
      await bus.close();
      await bus.close();
      sayAll(bus);
      assert.equal(await bus.request(ids.make('p'), 'anyone?', new AbortController().signal), null);
    });

    test('a request to a process that never was is answered with null, and so is one that nobody waits for', async () => {
      const bus = kind.make();
      bus.start(new HeardNews(), async () => '');
      await until(() => bus.isReady(), 'the bus');
      assert.equal(await bus.request(ids.make('p'), 'anyone?', new AbortController().signal), null);
      assert.equal(await bus.request(ids.make('p'), 'anyone?', AbortSignal.abort()), null);
      await bus.close();
    });

    test('each process has an id of its own, of the length that line keys rely on', () => {
      const [one, other] = [kind.make(), kind.make()];
      assert.notEqual(one.processId, other.processId);
      assert.match(one.processId, /^p_[A-Za-z0-9_-]{12}$/);
    });
  });
}
