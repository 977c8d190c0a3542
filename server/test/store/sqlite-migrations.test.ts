import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import Database from 'libsql';
import { SearchQuery } from '../../src/search/search-query';
import { migrate } from '../../src/store/sqlite/sqlite-migrations';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { makeTempDir } from '../support/temp-dir';

/** More than the index is filled with at once. */
const MESSAGES = 2345;

/** A file as the first version of the server left it. */
function firstVersion(path: string): void {
  const db = new Database(path);
  migrate(db, 1);
  db.exec(
    "INSERT INTO users VALUES ('u_ann', 'Ann', 'ann', 'h', 0, 0); INSERT INTO rooms VALUES ('r_1', 'Tea', 'tea', 'e_1', 0, 0, 0)",
  );
  db.exec(
    "INSERT INTO members VALUES ('r_1', 'u_ann', 1); INSERT INTO events VALUES ('r_1', 1, 1, 'created', 'u_ann', '', '')",
  );
  const insert = db.prepare("INSERT INTO events VALUES ('r_1', ?, ?, 'message', 'u_ann', ?, ?)");
  db.exec('BEGIN');
  for (let i = 0; i < MESSAGES; i++) {
    insert.run(i + 2, i + 2, `c_${i}`, i % 1000 === 0 ? `Grüner Tee ${i}` : `message ${i}`);
  }
  db.exec(`COMMIT; UPDATE rooms SET head_seq = ${MESSAGES + 1}, last_message_seq = ${MESSAGES + 1}`);
  db.close();
}

describe('a database of the first version', () => {
  test('keeps its events, which hold no file, and all of its messages are found', async () => {
    const dir = makeTempDir();
    const path = join(dir.path, 'first.db');
    firstVersion(path);
    const store = new SqliteStore(path);
    const page = await store.history('r_1', 4, 200);
    assert.deepEqual(
      page?.events.map((event) => [event.seq, event.kind, event.text, 'file' in event]),
      [
        [1, 'created', '', false],
        [2, 'message', 'Grüner Tee 0', false],
        [3, 'message', 'message 1', false],
      ],
    );
    const found = await store.search('u_ann', new SearchQuery('GRUNER tee'), null, 50);
    assert.deepEqual(
      found?.hits.map(({ event }) => event.text),
      ['Grüner Tee 2000', 'Grüner Tee 1000', 'Grüner Tee 0'],
    );
    const [outcome] = await store.commit([
      { kind: 'message', roomId: 'r_1', userId: 'u_ann', clientId: 'c_next', text: 'Tee danach', atMs: 9 },
    ]);
    assert.equal(outcome?.status, 'applied');
    const later = await store.search('u_ann', new SearchQuery('danach'), null, 50);
    assert.equal(later?.hits[0]?.event.seq, MESSAGES + 2);
    assert.equal((await store.findUserByNameKey('ann'))?.isDisabled, false);
    assert.equal(await store.lastSessionEnding(), 0);
    await store.close();
    // A second start finds nothing left to do.
    await new SqliteStore(path).close();
    dir.remove();
  });
});
