import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CommitLine } from '../../src/rooms/commit-line';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { type LogCommand, type LogOutcome, StoreFailure } from '../../src/store/store';
import { makeTempDir } from '../support/temp-dir';

/** The real store, which counts transactions, can be told to fail, and can be slow as a store behind a network is. */
class WatchedStore extends SqliteStore {
  readonly batches: number[] = [];
  failures = 0;
  isSlow = false;

  override async commit(commands: readonly LogCommand[]): Promise<LogOutcome[]> {
    this.batches.push(commands.length);
    if (this.failures > 0) {
      this.failures--;
      throw new StoreFailure('disk full');
    }
    const outcomes = await super.commit(commands);
    if (this.isSlow) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return outcomes;
  }
}

function message(clientId: string, text = clientId): LogCommand {
  return { kind: 'message', roomId: 'r_1', userId: 'u_ann', clientId, text, atMs: 1 };
}

describe('CommitLine', () => {
  const dir = makeTempDir();
  let store: WatchedStore;
  let journal: string[];
  let line: CommitLine;

  function seqOf(outcome: LogOutcome): string {
    return outcome.status === 'refused' ? outcome.code : `${outcome.event?.seq ?? 0}`;
  }

  function submit(command: LogCommand): void {
    line.submit(command, (result) => {
      journal.push('outcome' in result ? `ack ${seqOf(result.outcome)}` : 'failed');
    });
  }

  before(async () => {
    store = new WatchedStore(join(dir.path, 'test.db'));
    await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: '', createdAtMs: 0 });
    await store.commit([
      { kind: 'create', roomId: 'r_1', name: 'Tea', nameKey: 'tea', epoch: 'e_1', userId: 'u_ann', atMs: 0 },
    ]);
  });

  after(async () => {
    await store.close();
    dir.remove();
  });

  function begin(wait?: (ms: number) => Promise<unknown>): void {
    journal = [];
    store.batches.length = 0;
    line = new CommitLine(
      store,
      (_command, outcome) => journal.push(`publish ${seqOf(outcome)}`),
      (error) => journal.push(`defect ${(error as Error).message}`),
      undefined,
      undefined,
      wait,
    );
  }

  test('commits what waits in one turn together, and acknowledges each before it publishes it', async () => {
    begin();
    submit(message('line_0001'));
    submit(message('line_0002'));
    submit(message('line_0003'));
    assert.deepEqual(journal, []);
    await line.idle();
    assert.deepEqual(store.batches, [3]);
    assert.deepEqual(journal, ['ack 2', 'publish 2', 'ack 3', 'publish 3', 'ack 4', 'publish 4']);
  });

  test('refuses one command of a batch alone', async () => {
    begin();
    submit(message('line_0011'));
    submit(message('line_0011', 'other text'));
    submit(message('line_0012'));
    await line.idle();
    assert.deepEqual(
      journal.filter((entry) => entry.startsWith('ack')),
      ['ack 5', 'ack id_reused', 'ack 6'],
    );
  });

  test('answers a resend in the same batch with the seq of the first', async () => {
    begin();
    submit(message('line_0021'));
    submit(message('line_0021'));
    await line.idle();
    assert.deepEqual(
      journal.filter((entry) => entry.startsWith('ack')),
      ['ack 7', 'ack 7'],
    );
  });

  test('publishes nothing of a transaction that failed, and goes on with the next', async () => {
    begin();
    store.failures = 1;
    submit(message('line_0031'));
    await line.idle();
    submit(message('line_0032'));
    await line.idle();
    assert.deepEqual(journal, ['failed', 'ack 8', 'publish 8']);
  });

  test('a reading sees what was submitted before it and nothing is published until it is done', async () => {
    begin();
    store.isSlow = true;
    submit(message('line_0041'));
    const reading = line.read(async () => {
      const record = await store.eventsAfter('r_1', 0, 500);
      for (let turn = 0; turn < 10; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      journal.push(`read ${record?.headSeq}`);
    });
    submit(message('line_0042'));
    await reading;
    await line.idle();
    store.isSlow = false;
    assert.deepEqual(journal, ['ack 9', 'publish 9', 'read 9', 'ack 10', 'publish 10']);
  });

  test('lives on when a reading or a listener fails', async () => {
    begin();
    await assert.rejects(
      line.read(() => Promise.reject(new Error('unreadable'))),
      /unreadable/,
    );
    line.submit(message('line_0051'), () => {
      throw new Error('listener');
    });
    submit(message('line_0052'));
    await line.idle();
    assert.deepEqual(journal, ['defect listener', 'ack 12', 'publish 12']);
  });

  test('numbers many commands of many turns without a hole, in the order of submission', async () => {
    begin();
    store.isSlow = true;
    for (let i = 0; i < 600; i++) {
      submit(message(`many_${String(i).padStart(4, '0')}`));
      if (i % 37 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await line.idle();
    store.isSlow = false;
    const published = journal.filter((entry) => entry.startsWith('publish')).map((entry) => Number(entry.slice(8)));
    assert.deepEqual(
      published,
      Array.from({ length: 600 }, (_, i) => 13 + i),
    );
    assert.ok(store.batches.length < 60, `${store.batches.length} transactions for 600 messages`);
  });

  test('waits for company where the commit before had some, as long as some comes, and never where someone writes alone', async () => {
    let number = 0;
    const submitSome = (count: number): void => {
      for (let i = 0; i < count; i++) {
        submit(message(`line_gather_${number++}`));
      }
    };
    const rounds: readonly { readonly first: number; readonly next: number; readonly meanwhile: readonly number[] }[] =
      [
        { first: 1, next: 1, meanwhile: [1] },
        { first: 2, next: 2, meanwhile: [1] },
        { first: 3, next: 1, meanwhile: [2, 0, 1] },
        { first: 3, next: 1, meanwhile: [1, 1, 1, 1, 1] },
        { first: 3, next: 31, meanwhile: [1, 1] },
        { first: 3, next: 32, meanwhile: [1] },
      ];
    const seen: unknown[] = [];
    for (const { first, next, meanwhile } of rounds) {
      const waits: number[] = [];
      begin(async (ms) => {
        submitSome(meanwhile[waits.push(ms) - 1] ?? 0);
      });
      submitSome(first);
      await line.idle();
      submitSome(next);
      await line.idle();
      seen.push([store.batches, waits.length].flat());
    }
    assert.deepEqual(seen, [
      [1, 1, 0],
      [2, 2, 0],
      [3, 3, 2],
      [3, 5, 4],
      [3, 32, 1],
      [3, 32, 0],
    ]);
  });
});
