import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import Database from 'libsql';
import { backupSqlite } from '../../src/store/sqlite/backup';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { StoreFailure } from '../../src/store/store';
import { makeTempDir } from '../support/temp-dir';
import { storeContract } from './contract';
import { create, message } from './log-commands';

storeContract('SqliteStore', async () => {
  const dir = makeTempDir();
  const path = join(dir.path, 'parley.db');
  const store = new SqliteStore(path);
  return {
    store,
    openSecond: null,
    async close() {
      await store.close();
      dir.remove();
    },
  };
});

describe('SqliteStore in its file', () => {
  const dir = makeTempDir();
  const path = join(dir.path, 'parley.db');
  let store: SqliteStore;

  before(async () => {
    store = new SqliteStore(path);
    await store.createUser({ userId: 'u_ann', userName: 'Ann', nameKey: 'ann', passwordHash: 'h', createdAtMs: 0 });
  });

  after(async () => {
    await store.close();
    dir.remove();
  });

  test('runs with a write-ahead log and an fsync at each commit', () => {
    assert.deepEqual(store.durability(), { journalMode: 'wal', synchronous: 2 });
  });

  test('a copy of the files taken at the commit holds the message', async () => {
    const roomId = 'r_1';
    await store.commit([create(roomId, 'Room 1')]);
    const copy = join(dir.path, 'copy.db');
    await store.commit([message(roomId, 'u_ann', 'c_at_ack_1', 'On disk?')]);
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    const other = new SqliteStore(copy);
    const page = await other.history(roomId, 0, 1);
    await other.close();
    assert.equal(page?.events[0]?.text, 'On disk?');
  });

  test('is whole in one file after it was closed', async () => {
    const lone = join(dir.path, 'lone.db');
    const first = new SqliteStore(lone);
    await first.createUser({ userId: 'u_1', userName: 'Di', nameKey: 'di', passwordHash: '', createdAtMs: 0 });
    await first.close();
    const moved = join(dir.path, 'moved.db');
    copyFileSync(lone, moved);
    const second = new SqliteStore(moved);
    assert.equal((await second.findUserByNameKey('di'))?.userName, 'Di');
    await second.close();
  });

  test('is backed up while it is in use, into one file that a server can start with', async () => {
    const backup = join(dir.path, 'backup.db');
    await store.commit([create('r_backup', 'Backup')]);
    await store.commit([message('r_backup', 'u_ann', 'c_00000001', 'kept')]);
    backupSqlite(path, backup);
    await store.commit([message('r_backup', 'u_ann', 'c_00000002', 'too late')]);
    const copy = new SqliteStore(backup);
    assert.deepEqual((await copy.history('r_backup', 0, 1))?.events[0]?.text, 'kept');
    await copy.check();
    await copy.close();
    assert.throws(() => backupSqlite(path, backup), /expected a name that is free, got an existing file/);
    assert.throws(() => backupSqlite(join(dir.path, 'none.db'), `${backup}2`), /expected a database, got no file/);
  });

  test('says what is damaged', async () => {
    const broken = join(dir.path, 'broken.db');
    const first = new SqliteStore(broken);
    await first.createUser({
      userId: 'u_1',
      userName: 'Di',
      nameKey: 'di',
      passwordHash: 'x'.repeat(3000),
      createdAtMs: 0,
    });
    await first.close();
    const bytes = readFileSync(broken);
    bytes.fill(0x5a, 4096 * 2, 4096 * 3);
    writeFileSync(broken, bytes);
    const second = new SqliteStore(broken);
    await assert.rejects(second.check(), StoreFailure);
    await second.close();
  });

  test('acknowledges nothing more once its file was removed', async () => {
    const doomed = join(dir.path, 'doomed.db');
    const lost = new SqliteStore(doomed);
    await lost.createUser({ userId: 'u_1', userName: 'Di', nameKey: 'di', passwordHash: '', createdAtMs: 0 });
    rmSync(doomed);
    await assert.rejects(() => lost.commit([create('r_doomed', 'Doomed', 'u_1')]), StoreFailure);
    const ed = { userId: 'u_2', userName: 'Ed', nameKey: 'ed', passwordHash: '', createdAtMs: 0 };
    await assert.rejects(() => lost.createUser(ed), StoreFailure);
    await lost.close();
  });

  test('refuses a file of a newer server and leaves it as it is', () => {
    const newer = join(dir.path, 'newer.db');
    const db = new Database(newer);
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => new SqliteStore(newer), /cannot open the database .*newer\.db.*version 99/);
  });

  test('says which file it cannot open', () => {
    const folder = join(dir.path, 'folder.db', 'inner');
    assert.equal(existsSync(folder), false);
    new Database(join(dir.path, 'folder.db')).close();
    assert.ok(readdirSync(dir.path).includes('folder.db'));
    assert.throws(
      () => new SqliteStore(folder),
      (error) => error instanceof StoreFailure && /inner/.test(error.message),
    );
  });
});
