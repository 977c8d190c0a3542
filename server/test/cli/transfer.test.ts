import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { linesOf } from '../../src/cli/lines';
import { Progress } from '../../src/cli/progress';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { PASSWORD } from '../support/api-client';
import { CommandLine, RecordingTerminal } from '../support/command-line';
import { FakeClock } from '../support/fake-clock';
import { uploaded } from '../support/file-api';
import { makeTempDir } from '../support/temp-dir';
import { type Person, TestServer } from '../support/test-server';

const MESSAGES = 40;

describe('export, import and backup', () => {
  const dir = makeTempDir();
  let server: TestServer;
  let line: CommandLine;
  let ann: Person;
  let roomId: string;
  let fileId: string;
  const out = join(dir.path, 'room.jsonl');

  before(async () => {
    server = await TestServer.start();
    line = new CommandLine(server.environment);
    ann = await server.person('Ann');
    ({ roomId } = await ann.api.createRoom('Moving'));
    const client = await server.open(ann);
    for (let index = 0; index < MESSAGES; index++) {
      await client.answer(client.say(roomId, `c_moving_${index}`, `line ${index}\nof "two" 🍵`));
    }
    ({ fileId } = await uploaded(ann.api, roomId, 'a file that moves'));
    await client.answer(client.say(roomId, 'c_moving_file', '', fileId));
    await client.close();
  });
  after(async () => {
    await server.stop();
    dir.remove();
  });

  test('export writes a room to standard output while the server runs', async () => {
    const { code, stdout, stderr } = await line.run(`export ${roomId}`);
    assert.deepEqual([code, stderr], [0, '']);
    const kinds = stdout
      .trimEnd()
      .split('\n')
      .map((text) => (JSON.parse(text) as { kind: string }).kind);
    assert.deepEqual([kinds[0], kinds.at(-1)], ['room', 'end']);
    assert.equal(kinds.filter((kind) => kind === 'event').length, 1 + MESSAGES + 1);
    assert.equal(kinds.filter((kind) => kind === 'part').length, 1);
  });

  test('export --out makes a file that only its owner reads, whole or not at all, and replaces none', async () => {
    const { code, stdout, stderr } = await line.run(`export ${roomId} --out ${out} --progress`);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^\d+ lines, \d+ a second\n$/);
    assert.equal(statSync(out).mode & 0o777, 0o600);
    assert.equal(existsSync(`${out}.partial`), false);
    const before = readFileSync(out, 'utf8');
    const again = await line.run(`export ${roomId} --out ${out}`);
    assert.deepEqual([again.code, readFileSync(out, 'utf8') === before], [1, true]);
    assert.match(again.stderr, /--out: expected a name that is free/);
    const nowhere = await line.run(`export ${roomId} --out ${join(dir.path, 'missing', 'room.jsonl')}`);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /--out: expected a file that can be written, got ENOENT/);
  });

  test('export knows only rooms that are there', async () => {
    const { code, stdout, stderr } = await line.run('export r_nowhere');
    assert.deepEqual(
      [code, stdout, stderr],
      [1, '', 'parley-server: ROOM: expected the id of a room, got "r_nowhere"\n'],
    );
  });

  test('import brings the room to another server: history, file and members, under a new epoch', async () => {
    const dataDir = join(dir.path, 'new-home');
    const elsewhere = new CommandLine({ DATA_DIR: dataDir });
    assert.equal((await elsewhere.run(`user add ${ann.userName}`, PASSWORD)).code, 0);
    const { code, stdout, stderr } = await elsewhere.run(`import ${out} --json`);
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(JSON.parse(stdout), { roomId, name: 'Moving', events: MESSAGES + 2, files: 1, newUsers: [] });
    const twice = await elsewhere.run(`import ${out}`);
    assert.equal(twice.code, 1);
    assert.match(twice.stderr, /FILE: line 1: expected a room whose id and name are free here/);
    const home = await TestServer.start({ settings: { dataDir, databaseUrl: null } });
    try {
      const there = await home.signedIn(ann);
      const [old, moved] = [await ann.api.wholeLog(roomId), await there.api.wholeLog(roomId)];
      const said = (events: typeof old): unknown[] =>
        events.map(({ seq, kind, text, atMs }) => [seq, kind, text, atMs]);
      assert.deepEqual(said(moved), said(old));
      const file = moved.at(-1)?.file;
      assert.equal((await there.api.call('GET', `/v1/files/${file?.fileId}`)).text, 'a file that moves');
      assert.notEqual((await there.api.history(roomId)).epoch, (await ann.api.history(roomId)).epoch);
      const running = await elsewhere.run(`import ${out}`);
      assert.equal(running.code, 1);
      assert.match(running.stderr, /DATA_DIR: expected a folder on which no server runs/);
    } finally {
      await home.stop();
    }
  });

  test('import reads standard input, and leaves nothing of what breaks off', async () => {
    const dataDir = join(dir.path, 'broken');
    const elsewhere = new CommandLine({ DATA_DIR: dataDir });
    const text = readFileSync(out, 'utf8');
    const half = await elsewhere.run('import -', text.slice(0, text.length / 2));
    assert.equal(half.code, 1);
    assert.match(half.stderr, /^parley-server: FILE: line \d+: /);
    assert.equal((await elsewhere.run('room list --json')).stdout, '');
    // Its people may be other rooms' by now: they stay.
    assert.match((await elsewhere.run('user list')).stdout, new RegExp(`^${ann.userName} `, 'm'));
    const whole = await elsewhere.run('import -', text);
    assert.deepEqual(
      [whole.code, whole.stdout],
      [0, `${roomId} "Moving": ${MESSAGES + 2} events, 1 files, 0 new users\n`],
    );
  });

  test('import says which file it cannot read, and takes no file for a room that is none', async () => {
    const elsewhere = new CommandLine({ DATA_DIR: join(dir.path, 'none') });
    const missing = await elsewhere.run(`import ${join(dir.path, 'missing')}`);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /FILE: expected a file that can be read, got ENOENT/);
    const blob = join(dir.path, 'blob');
    writeFileSync(blob, 'x'.repeat(3 * 1024 * 1024));
    const wrong = await elsewhere.run(`import ${blob}`);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /line 1: expected at most 1048576 characters, got more/);
  });

  test('backup makes a whole database while the server writes, and replaces no file', async () => {
    const target = join(dir.path, 'backup.db');
    if (!server.isInFiles) {
      const refused = await line.run(`backup ${target}`);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /PostgreSQL has pg_dump/);
      return;
    }
    const client = await server.open(ann);
    const ids = Array.from({ length: 20 }, (_, index) => client.say(roomId, `c_backup_${index}`, 'meanwhile'));
    const { code, stdout, stderr } = await line.run(`backup ${target}`);
    await Promise.all(ids.map((id) => client.answer(id)));
    await client.close();
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /backup\.db: \d+ bytes in \d+ ms\n$/);
    assert.equal(statSync(target).mode & 0o777, 0o600);
    assert.equal(existsSync(`${target}.partial`), false);
    const store = new SqliteStore(target);
    await store.check();
    const { events = [] } = (await store.eventsAfter(roomId, 0, 100)) ?? {};
    await store.close();
    assert.ok(events.length >= MESSAGES + 2);
    assert.match((await line.run(`backup ${target}`)).stderr, /FILE: expected a name that is free, got the existing/);
  });

  test('a backup that is put in the place of the data is a server’s', async () => {
    if (!server.isInFiles) {
      return;
    }
    const dataDir = join(dir.path, 'restored');
    mkdirSync(dataDir, { mode: 0o700 });
    assert.equal((await line.run(`backup ${join(dataDir, 'parley.db')}`)).code, 0);
    const again = await TestServer.start({ settings: { dataDir } });
    const there = await again.signedIn(ann);
    assert.equal((await there.api.wholeLog(roomId)).length, (await ann.api.wholeLog(roomId)).length);
    await again.stop();
  });
});

describe('progress', () => {
  test('is one line that changes for who watches, few lines for a log, and nothing unasked', () => {
    const said = (isWatched: boolean, isOn: boolean): string => {
      const clock = new FakeClock();
      const terminal = new RecordingTerminal({}, '', isWatched);
      const progress = new Progress(terminal, clock, 'lines', isOn);
      for (let step = 0; step < 100; step++) {
        clock.advance(100);
        progress.add(5);
      }
      progress.finish();
      return terminal.stderr;
    };
    assert.equal(said(false, false), '');
    assert.deepEqual(said(false, true).split('\n'), [
      '250 lines, 50 a second',
      '500 lines, 50 a second',
      '500 lines, 50 a second',
      '',
    ]);
    const watched = said(true, true);
    assert.equal(watched.split('\n').length, 2);
    assert.equal(watched.split('\r').length, 34);
    assert.ok(watched.endsWith('\r\u001b[K500 lines, 50 a second\n'));
  });
});

describe('linesOf', () => {
  test('parts a text into the same lines however it is cut', async () => {
    const text = 'one\n\ntwo 🍵\nthree';
    for (let size = 1; size <= text.length; size++) {
      async function* chunks(): AsyncGenerator<string> {
        for (let at = 0; at < text.length; at += size) {
          yield text.slice(at, at + size);
        }
      }
      const lines: string[] = [];
      for await (const one of linesOf(chunks())) {
        lines.push(one);
      }
      assert.deepEqual(lines, ['one', '', 'two 🍵', 'three']);
    }
  });
});
