import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemRandom, IdMaker } from '../../src/ports/ids';
import { SystemClock } from '../../src/ports/clock';
import { FileVault } from '../../src/files/file-vault';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import type { Store } from '../../src/store/store';
import { exportRoom } from '../../src/transfer/export-room';
import { importRoom, type ImportParts } from '../../src/transfer/import-room';
import { LineError, PART_BYTES } from '../../src/transfer/room-lines';
import { create, message } from '../store/log-commands';
import { makeTempDir } from '../support/temp-dir';
import { CHEAP_PASSWORDS } from '../support/test-server';

/** Two parts and a bit. */
const CONTENT = Buffer.from(Array.from({ length: 2 * PART_BYTES + 7 }, (_, i) => i % 251));
const EVENTS = 1207;

class Place {
  readonly dir = makeTempDir();
  readonly store = new SqliteStore(join(this.dir.path, 'parley.db'));
  readonly vault = new FileVault({ folder: this.dir.path, isShared: false });
  readonly parts: ImportParts = {
    store: this.store,
    vault: this.vault,
    passwords: CHEAP_PASSWORDS,
    ids: new IdMaker(systemRandom),
    clock: new SystemClock(),
  };

  async prepare(...names: string[]): Promise<this> {
    await this.vault.prepare(0);
    for (const userName of names) {
      const nameKey = userName.toLowerCase();
      await this.store.createUser({
        userId: `u_${nameKey}_${names.length}`,
        userName,
        nameKey,
        passwordHash: 'h',
        createdAtMs: 0,
      });
    }
    return this;
  }

  files(): string[] {
    return ['files', 'incoming-files'].flatMap((folder) => readdirSync(join(this.dir.path, folder)));
  }

  async close(): Promise<void> {
    await this.store.close();
    this.dir.remove();
  }
}

class WatchedVault extends FileVault {
  readonly handles: FileHandle[] = [];

  override async open(fileId: string): Promise<FileHandle> {
    const handle = await super.open(fileId);
    this.handles.push(handle);
    return handle;
  }
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function textsOf(store: Store, roomId: string): Promise<string[]> {
  const texts: string[] = [];
  for (let after = 0; ;) {
    const page = await store.eventsAfter(roomId, after, 500);
    texts.push(...(page?.events.map((event) => `${event.seq} ${event.kind} ${event.userName} ${event.text}`) ?? []));
    after = page?.events.at(-1)?.seq ?? after;
    if ((page?.events.length ?? 0) < 500) {
      return texts;
    }
  }
}

describe('a room that moves', () => {
  let from: Place;
  let lines: string[];
  let to: Place;

  before(async () => {
    from = await new Place().prepare('Ann', 'Bo', 'Cy');
    const { store, vault } = from;
    await store.commit([
      create('r_tea', 'Tea room', 'u_ann_3'),
      { kind: 'join', roomId: 'r_tea', userId: 'u_bo_3', atMs: 2 },
      { kind: 'join', roomId: 'r_tea', userId: 'u_cy_3', atMs: 3 },
    ]);
    const incoming = await vault.receive('f_1', chunks(CONTENT));
    await incoming.keep();
    const file = {
      fileId: 'f_1',
      name: 'b.bin',
      contentType: 'x/y',
      sizeBytes: CONTENT.length,
      widthPx: 3,
      heightPx: 4,
    };
    await store.addFile({ file, roomId: 'r_tea', userId: 'u_bo_3', uploadKey: 'k', createdAtMs: 1 });
    await store.commit([
      { ...message('r_tea', 'u_bo_3', 'c_file', ''), fileId: 'f_1' } as ReturnType<typeof message>,
      { kind: 'leave', roomId: 'r_tea', userId: 'u_cy_3', atMs: 5 },
      ...Array.from({ length: EVENTS - 5 }, (_, i) => message('r_tea', 'u_ann_3', `c_${i}`, `Zeile\n"${i}" 🍵`)),
    ]);
    lines = [];
    for await (const text of exportRoom({ store, vault, clock: new SystemClock() }, 'r_tea')) {
      lines.push(...text.split('\n').filter((line) => line !== ''));
    }
    to = await new Place().prepare('ann');
  });

  after(() => Promise.all([from.close(), to.close()]));

  test('has its whole log, its members, who they are and its files, and an epoch of its own', async () => {
    const report = await importRoom(to.parts, each(lines));
    assert.deepEqual(report, { roomId: 'r_tea', name: 'Tea room', events: EVENTS, files: 1, newUsers: ['Bo', 'Cy'] });
    assert.deepEqual(
      (await textsOf(to.store, 'r_tea')).map((line) => line.replace(' ann ', ' Ann ')),
      await textsOf(from.store, 'r_tea'),
    );
    const [old, room] = [await from.store.room('r_tea'), await to.store.room('r_tea')];
    assert.equal(room?.headSeq, EVENTS);
    assert.deepEqual(
      room.members.map(({ userName, joinedSeq }) => [userName, joinedSeq]),
      [
        ['ann', 1],
        ['Bo', 2],
      ],
    );
    assert.equal(room.members[0]?.userId, 'u_ann_1', 'who has the name here is the same person');
    assert.notEqual(room.epoch, old?.epoch);
    const event = (await to.store.eventsAfter('r_tea', 3, 1))?.events[0];
    const handle = await to.vault.open(event?.file?.fileId ?? '');
    const content = await handle.readFile();
    await handle.close();
    assert.ok(content.equals(CONTENT));
  });

  test('leaves no file open behind it, also where nobody reads on', async () => {
    const { store } = from;
    const vault = new WatchedVault({ folder: from.dir.path, isShared: false });
    const texts = exportRoom({ store, vault, clock: new SystemClock() }, 'r_tea');
    for await (const text of texts) {
      if (text.startsWith('{"kind":"part"')) {
        break;
      }
    }
    assert.deepEqual(
      vault.handles.map(({ fd }) => fd),
      [-1],
    );
  });

  test('is refused where its id or name is taken', async () => {
    const message = /line 1: expected a room whose id and name are free here, got r_tea "Tea room"/;
    await assert.rejects(importRoom(to.parts, each(lines)), message);
    assert.equal((await to.store.room('r_tea'))?.headSeq, EVENTS);
  });

  test('says which room it does not know', async () => {
    const { store, vault } = from;
    const unknown = exportRoom({ store, vault, clock: new SystemClock() }, 'r_none');
    await assert.rejects(unknown.next(), /room r_none: expected a room of this server, got none/);
  });

  describe('with lines that are wrong', () => {
    const edit = (kind: string, change: (line: Record<string, unknown>) => unknown): string[] => {
      const at = lines.findIndex((line) => line.startsWith(`{"kind":"${kind}"`));
      const changed = change(JSON.parse(lines[at] ?? '') as Record<string, unknown>);
      const texts = changed === null ? [] : [typeof changed === 'string' ? changed : JSON.stringify(changed)];
      return [...lines.slice(0, at), ...texts, ...lines.slice(at + 1)];
    };
    const cases: [name: string, make: () => string[], message: RegExp][] = [
      ['no JSON', () => edit('user', () => '{"kind":'), /line 2: .*JSON/],
      [
        'an unknown kind',
        () => edit('user', (line) => ({ ...line, kind: 'pet' })),
        /line 2: kind: expected room \| user/,
      ],
      [
        'another version',
        () => edit('room', (line) => ({ ...line, version: 2 })),
        /line 1: version: expected 1, got 2/,
      ],
      ['no room first', () => lines.slice(1), /line 1: expected the line "room" first, and once, got "user"/],
      ['two rooms', () => [lines[0] ?? '', ...lines], /line 2: expected the line "room" first, and once, got "room"/],
      [
        'an event that is missing',
        () => edit('event', () => null),
        /expected an import|expected a line "user"|events and/,
      ],
      ['a hole in the log', () => lines.filter((line) => !line.includes('"seq":7,')), /expected event 7, got 8/],
      ['an author without a line', () => lines.filter((line) => !line.includes('"userName":"Bo"}')), /"user" before/],
      ['a part that is missing', () => edit('part', () => null), /expected 98311 bytes of file f_1, got/],
      [
        'a part of another file',
        () => edit('part', (line) => ({ ...line, fileId: 'f_2' })),
        /expected 98311 bytes of file f_1, got 0/,
      ],
      ['a file without its line', () => lines.filter((line) => !/"kind":"(file|part)"/.test(line)), /"file" before/],
      ['a cut end', () => lines.slice(0, -1), /expected the line "end", got the end of the input/],
      ['something after the end', () => [...lines, lines[1] ?? ''], /expected nothing after the line "end"/],
      [
        'a wrong count',
        () => edit('end', (line) => ({ ...line, events: 1 })),
        /expected 1 events and 1 files, got 1207/,
      ],
    ];
    cases.forEach(([name, make, message]) => {
      test(`leaves nothing behind: ${name}`, async () => {
        const place = await new Place().prepare('Ann');
        try {
          await assert.rejects(importRoom(place.parts, each(make())), (error: Error) => {
            assert.ok(error instanceof LineError, String(error));
            assert.match(error.message, message);
            return true;
          });
          assert.deepEqual(place.files(), []);
          assert.deepEqual(await place.store.listRooms('u_ann_1', '', 10), []);
          assert.equal((await importRoom(place.parts, each(lines))).events, EVENTS, 'the good lines pass after it');
        } finally {
          await place.close();
        }
      });
    });
  });
});
