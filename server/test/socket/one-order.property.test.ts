import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { clientIdsOf, LogView } from '../support/log-view';
import { TestServer } from '../support/test-server';

const DEVICES = 4;
/** Devices 0 and 1 belong to the same user. */
const OWNERS = [0, 0, 1, 2];

type Step =
  | { readonly do: 'send' | 'drop' | 'connect' | 'settle'; readonly device: number }
  | { readonly do: 'resend'; readonly device: number; readonly which: number };

const device = fc.nat({ max: DEVICES - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('send' as const), device }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resend' as const), device, which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), device }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('connect' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), device }) },
);

describe('whatever clients do', () => {
  let server: TestServer;
  let runs = 0;

  before(async () => {
    // Limits of rate belong to other tests; here they would only make the steps wait.
    server = await TestServer.start({ ports: { limits: { messagesPerSecond: 1_000_000, messageBurst: 1_000_000 } } });
  });
  after(() => server.stop());

  async function play(steps: readonly Step[]): Promise<void> {
    const people = await Promise.all([server.person('ann'), server.person('bo'), server.person('cy')]);
    const [creator] = people;
    const { roomId } = await creator.api.createRoom(`Property ${++runs}`);
    await Promise.all(people.map((person) => person.api.join(roomId)));
    const views = OWNERS.map(
      (owner) => new LogView(() => server.socketUrl, people[owner]?.tokens.accessToken ?? '', roomId),
    );
    const view = (index: number): LogView => views[index] as LogView;
    /** Client ids of each user, in the order in which they were first tried. */
    const tried: string[][] = people.map(() => []);

    await Promise.all(views.map((one) => one.connect()));
    for (const next of steps) {
      const own = tried[OWNERS[next.device] ?? 0] ?? [];
      switch (next.do) {
        case 'send': {
          const clientId = `c_${String(own.length).padStart(8, '0')}`;
          own.push(clientId);
          view(next.device).say(clientId, `text of ${clientId}`);
          break;
        }
        case 'resend': {
          const clientId = own[next.which % Math.max(1, own.length)];
          if (clientId !== undefined) {
            view(next.device).say(clientId, `text of ${clientId}`);
          }
          break;
        }
        case 'drop':
          view(next.device).drop();
          break;
        case 'connect':
          await view(next.device).connect();
          break;
        case 'settle':
          await view(next.device).fence();
      }
    }

    await Promise.all(views.map((one) => one.connect()));
    for (const [index, one] of views.entries()) {
      for (const clientId of tried[OWNERS[index] ?? 0] ?? []) {
        await one.sayAndWait(clientId, `text of ${clientId}`);
      }
    }
    // An ack can overtake another device's event: the fence comes behind every event that was published before it.
    await Promise.all(views.map((one) => one.fence()));

    const log = await creator.api.wholeLog(roomId);
    assert.deepEqual(
      log.map((event) => event.seq),
      log.map((_, index) => index + 1),
    );
    const expected = people.flatMap((person, owner) => (tried[owner] ?? []).map((id) => `${person.userId} ${id}`));
    assert.deepEqual(clientIdsOf(log).sort(), expected.sort());
    for (const one of views) {
      assert.deepEqual(one.complaints, []);
      assert.deepEqual(one.events, log);
      one.acks.forEach((seq, clientId) => assert.equal(log[seq - 1]?.clientId, clientId));
    }
    views.forEach((one) => one.drop());
  }

  test('every device sees 1..n in one order, each message once', async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
    t.diagnostic(`SEED=${seed}`);
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), play), {
      seed,
      numRuns: 20,
      endOnFailure: false,
      interruptAfterTimeLimit: 300_000, // for the search for a smaller failure
    });
  });
});
