import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { BusRequests } from '../../src/bus/bus-requests';
import type { RequestMessage } from '../../src/bus/bus-codec';
import { FakeClock } from '../support/fake-clock';

const NEVER = new AbortController().signal;

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('requests between two processes', () => {
  let clock: FakeClock;
  /** What `p_a` sent, and to whom. */
  let sent: [processId: string, message: RequestMessage][];
  /** What is asked of `p_a`: its signal, and what ends it. */
  let served: { body: string; signal: AbortSignal; answer(text: string): void }[];
  let receivers: number;
  let requests: BusRequests;

  beforeEach(() => {
    clock = new FakeClock();
    sent = [];
    served = [];
    receivers = 1;
    requests = new BusRequests({
      clock,
      answer: (body, signal) => new Promise((resolve) => served.push({ body, signal, answer: resolve })),
      send: async (processId, message) => {
        sent.push([processId, message]);
        return receivers;
      },
    });
  });

  async function isOpen(answer: Promise<string | null>): Promise<boolean> {
    const open = Symbol('open');
    return (await Promise.race([answer, turn().then(() => open)])) === open;
  }

  test('are answered by the one who was asked and by nobody else', async () => {
    const answer = requests.ask('p_b', 'how much', NEVER);
    assert.deepEqual(sent, [['p_b', { kind: 'ask', number: 1, body: 'how much' }]]);
    requests.receive('p_evil', { kind: 'answer', number: 1, body: 'nothing' });
    assert.equal(await isOpen(answer), true);
    requests.receive('p_b', { kind: 'answer', number: 1, body: 'all of it' });
    assert.equal(await answer, 'all of it');
    assert.deepEqual([requests.waitingCount, clock.timerCount], [0, 0]);
  });

  test('are given up at once where nobody hears them', async () => {
    receivers = 0;
    assert.equal(await requests.ask('p_b', '', NEVER), null);
    assert.deepEqual([requests.waitingCount, clock.timerCount], [0, 0]);
  });

  test('are given up after 3 s without a receipt, which nobody else can give', async () => {
    const answer = requests.ask('p_b', '', NEVER);
    requests.receive('p_evil', { kind: 'receipt', number: 1 });
    clock.advance(2999);
    assert.equal(await isOpen(answer), true);
    clock.advance(1);
    assert.equal(await answer, null);
  });

  test('are given up a minute after the receipt', async () => {
    const answer = requests.ask('p_b', '', NEVER);
    requests.receive('p_b', { kind: 'receipt', number: 1 });
    clock.advance(59_999);
    assert.equal(await isOpen(answer), true);
    clock.advance(1);
    assert.equal(await answer, null);
    assert.equal(clock.timerCount, 0);
  });

  test('are cancelled when nobody waits any more, and not asked where nobody ever did', async () => {
    const leaving = new AbortController();
    const answer = requests.ask('p_b', '', leaving.signal);
    leaving.abort();
    assert.equal(await answer, null);
    assert.deepEqual(sent.at(-1), ['p_b', { kind: 'cancel', number: 1 }]);
    assert.equal(await requests.ask('p_b', '', leaving.signal), null);
    assert.deepEqual([sent.length, clock.timerCount], [2, 0]);
  });

  test('that were answered send no cancel when the asker leaves later', async () => {
    const leaving = new AbortController();
    const answer = requests.ask('p_b', '', leaving.signal);
    requests.receive('p_b', { kind: 'answer', number: 1, body: 'yes' });
    await answer;
    leaving.abort();
    assert.equal(sent.length, 1);
  });

  test('of others get a receipt first, then the answer', async () => {
    requests.receive('p_b', { kind: 'ask', number: 7, body: 'work' });
    assert.deepEqual(sent, [['p_b', { kind: 'receipt', number: 7 }]]);
    served[0]?.answer('done');
    await turn();
    assert.deepEqual(sent[1], ['p_b', { kind: 'answer', number: 7, body: 'done' }]);
  });

  test('of others are given up when their asker cancels, and then get no answer', async () => {
    requests.receive('p_b', { kind: 'ask', number: 7, body: 'work' });
    requests.receive('p_c', { kind: 'cancel', number: 7 });
    assert.equal(served[0]?.signal.aborted, false);
    requests.receive('p_b', { kind: 'cancel', number: 7 });
    assert.equal(served[0]?.signal.aborted, true);
    served[0]?.answer('too late');
    await turn();
    assert.equal(sent.length, 1);
  });

  test('to and from a process that is gone are given up, and no others', async () => {
    const [gone, other] = [requests.ask('p_b', '', NEVER), requests.ask('p_bb', '', NEVER)];
    requests.receive('p_b', { kind: 'ask', number: 1, body: '' });
    requests.receive('p_bb', { kind: 'ask', number: 1, body: '' });
    requests.processGone('p_b');
    assert.equal(await gone, null);
    assert.equal(await isOpen(other), true);
    assert.deepEqual(
      served.map(({ signal }) => signal.aborted),
      [true, false],
    );
  });

  test('are all given up at the end, without a timer left', async () => {
    const answer = requests.ask('p_b', '', NEVER);
    requests.receive('p_b', { kind: 'ask', number: 1, body: '' });
    requests.dispose();
    assert.equal(await answer, null);
    assert.deepEqual([served[0]?.signal.aborted, clock.timerCount], [true, 0]);
  });
});
