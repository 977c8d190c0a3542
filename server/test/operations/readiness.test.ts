import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pino } from 'pino';
import { Readiness, type ReadinessCheck } from '../../src/operations/readiness';
import type { Settings } from '../../src/settings';
import { DATABASE_FILE } from '../../src/store/open-store';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import type { Store } from '../../src/store/store';
import { FakeClock } from '../support/fake-clock';
import { Scrape } from '../support/scrape';
import { TestServer } from '../support/test-server';

const log = pino({ level: 'silent' });

/** Lets everything that waits for promises run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A check that counts how often it was asked, and answers as the test says. */
class Dependency implements ReadinessCheck {
  asked = 0;
  answer: () => Promise<void> = () => Promise.resolve();

  constructor(readonly name: string) {}

  check(): Promise<void> {
    this.asked++;
    return this.answer();
  }
}

function make(...names: string[]): { clock: FakeClock; readiness: Readiness; dependencies: Dependency[] } {
  const clock = new FakeClock();
  const dependencies = names.map((name) => new Dependency(name));
  return { clock, dependencies, readiness: new Readiness({ clock, log, checks: dependencies }) };
}

describe('Readiness', () => {
  test('is there when every check answers, and leaves no timer behind', async () => {
    const { clock, readiness } = make('store', 'bus');
    assert.deepEqual(await readiness.report(), { ready: true, failing: [] });
    assert.equal(clock.timerCount, 0);
  });

  test('names each check that fails, and not the error that it failed with', async () => {
    const { readiness, dependencies } = make('store', 'bus');
    for (const dependency of dependencies) {
      dependency.answer = () => Promise.reject(new Error('postgres://user:secret@host refused'));
    }
    assert.deepEqual(await readiness.report(), {
      ready: false,
      failing: [
        { name: 'store', reason: 'failed' },
        { name: 'bus', reason: 'failed' },
      ],
    });
  });

  test('counts a check that throws as failed', async () => {
    const { readiness, dependencies } = make('bus');
    (dependencies[0] as Dependency).answer = () => {
      throw new Error('no connection');
    };
    assert.equal((await readiness.report()).ready, false);
  });

  test('gives up on a check after 2 s, and does not ask it again while it hangs', async () => {
    const { clock, readiness, dependencies } = make('store', 'bus');
    const [store, bus] = dependencies as [Dependency, Dependency];
    let revive = (): void => undefined;
    store.answer = () => new Promise((resolve) => (revive = resolve));
    for (let round = 1; round <= 3; round++) {
      const report = readiness.report();
      await settle();
      clock.advance(2000);
      assert.deepEqual(await report, { ready: false, failing: [{ name: 'store', reason: 'no answer in 2000 ms' }] });
      clock.advance(1000);
      assert.deepEqual([store.asked, bus.asked], [1, round]);
    }
    revive();
    await settle();
    store.answer = () => Promise.resolve();
    assert.equal((await readiness.report()).ready, true);
    assert.equal(store.asked, 2);
    assert.equal(clock.timerCount, 0);
  });

  test('asks at most once a second, however many want to know', async () => {
    const { clock, readiness, dependencies } = make('store');
    await Promise.all(Array.from({ length: 50 }, () => readiness.report()));
    clock.advance(999);
    await readiness.report();
    assert.equal(dependencies[0]?.asked, 1);
    clock.advance(1);
    await readiness.report();
    assert.equal(dependencies[0]?.asked, 2);
  });

  test('sees a failure and a recovery one second later at the latest', async () => {
    const { clock, readiness, dependencies } = make('bus');
    const [bus] = dependencies as [Dependency];
    assert.equal((await readiness.report()).ready, true);
    bus.answer = () => Promise.reject(new Error('cut'));
    clock.advance(1000);
    assert.equal((await readiness.report()).ready, false);
    bus.answer = () => Promise.resolve();
    clock.advance(1000);
    assert.equal((await readiness.report()).ready, true);
  });

  test('is over at once when the server drains, also for one who asked before', async () => {
    const { readiness, dependencies } = make('store');
    const [store] = dependencies as [Dependency];
    let answer = (): void => undefined;
    store.answer = () => new Promise((resolve) => (answer = resolve));
    const early = readiness.report();
    readiness.startDraining();
    answer();
    for (const report of [await early, await readiness.report()]) {
      assert.deepEqual(report, { ready: false, failing: [{ name: 'draining', reason: 'the server shuts down' }] });
    }
  });
});

describe('/healthz and /readyz', () => {
  const servers: TestServer[] = [];
  after(() => Promise.all(servers.map((server) => server.stop())));

  test('a server with its store is ready; one whose database was taken away lives and is not ready', async () => {
    const clock = new FakeClock();
    // With a file that can be taken away, whatever the run is about.
    const openStore = ({ dataDir }: Settings): Store => new SqliteStore(join(dataDir, DATABASE_FILE));
    const server = await TestServer.start({ clock, ports: { openStore }, settings: { metricsPort: 0 } });
    servers.push(server);
    const ready = await server.api.call('GET', '/readyz');
    assert.deepEqual([ready.status, ready.text], [200, '{"ready":true,"failing":[]}']);
    assert.equal(ready.headers.get('cache-control'), 'no-store');
    assert.equal((await Scrape.of(server)).value('parley_ready'), 1);
    const database = join(server.dataDir, 'parley.db');
    renameSync(database, `${database}.away`);
    clock.advance(1000);
    const lost = await server.api.call('GET', '/readyz');
    assert.deepEqual([lost.status, lost.text], [503, '{"ready":false,"failing":[{"name":"store","reason":"failed"}]}']);
    assert.equal((await Scrape.of(server)).value('parley_ready'), 0);
    assert.equal((await server.api.call('GET', '/healthz')).status, 200);
    renameSync(`${database}.away`, database);
    clock.advance(1000);
    assert.equal((await server.api.call('GET', '/readyz')).status, 200);
  });
});
