import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import type { CloseCode } from '../../../common/core/src/main/ets/wire/Codes';
import { PollLine, type PollResponse } from '../../src/gateway/lines/poll-line';
import { Connection } from '../../src/hub/connection';
import { DEFAULT_HUB_LIMITS } from '../../src/hub/limits';
import { FakeClock } from '../support/fake-clock';

/** An answer that stays on its way until the test says that it has left. */
class HeldResponse extends EventEmitter implements PollResponse {
  body: string | null = null;
  isCut = false;

  end(body: Buffer): void {
    this.body = body.toString('utf8');
  }

  destroy(): void {
    this.isCut = true;
    this.emit('close');
  }
}

function open(): { line: PollLine; clock: FakeClock; gone: () => number } {
  const clock = new FakeClock();
  let gone = 0;
  const line = new PollLine('l_key', clock, () => gone++);
  const handler = { onFrame: () => undefined, onClosed: () => undefined };
  line.connection = new Connection('k_1', {
    socket: line,
    clock,
    limits: DEFAULT_HUB_LIMITS,
    heartbeatMs: 25_000,
    handler,
  });
  return { line, clock, gone: () => gone };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('PollLine', () => {
  test('cuts an answer that is still on its way when the client polls anew, and gives it again', async () => {
    const { line } = open();
    const [first, second] = [new HeldResponse(), new HeldResponse()];
    line.receivePoll(first, 0);
    line.send(Buffer.from('{}'), () => undefined);
    await turn();
    assert.match(first.body ?? '', /^id: 1\ndata: /);
    line.receivePoll(second, 0);
    assert.deepEqual([first.isCut, second.body], [true, first.body]);
  });

  test('counts as told when the word of its end has left, not before', async () => {
    const { line } = open();
    const response = new HeldResponse();
    line.receivePoll(response, 0);
    line.connection.close(4408 as CloseCode, 'no poll');
    let isTold = false;
    void line.told().then(() => {
      isTold = true;
    });
    await turn();
    assert.deepEqual([response.body?.includes('4408'), isTold], [true, false]);
    response.emit('finish');
    await turn();
    assert.equal(isTold, true);
  });

  test('waits again for a poll when one broke off, and dies without it', () => {
    const { line, clock, gone } = open();
    const response = new HeldResponse();
    line.receivePoll(response, 0);
    response.destroy();
    clock.advance(30_000);
    assert.equal(line.isOpen, false);
    clock.advance(30_000);
    assert.deepEqual([gone(), clock.timerCount], [1, 0]);
  });

  test('leaves no timer behind when it is forgotten with a poll that waits', () => {
    const { line, clock } = open();
    const response = new HeldResponse();
    line.receivePoll(response, 0);
    line.connection.closed(1005, 'left');
    line.forget();
    assert.deepEqual([response.body, clock.timerCount], ['', 0]);
  });
});
