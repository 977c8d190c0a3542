import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Core, loadCore, loadPlatform, type Platform } from '../../src/node/load-core.js';

type OutboxStore = InstanceType<Platform['RelationalOutboxStore']>;
type StoredMessage = Parameters<OutboxStore['put']>[1];

interface RawStore {
  version: number;
  executeSql(sql: string): Promise<void>;
}

/** The part of the kit that looks behind the store's back. */
interface Kit {
  getRdbStore(context: object, config: { name: string; securityLevel: number }): Promise<RawStore>;
  deleteRdbStore(context: object, name: string): Promise<void>;
}

const FILE = 'outbox.db';
const OWNER = 'u_ann@http://chat.test';
/** As the first version of the app made it. */
const FIRST_TABLE = `CREATE TABLE outbox (
  owner TEXT NOT NULL, roomId TEXT NOT NULL, clientId TEXT NOT NULL, text TEXT NOT NULL, createdAtMs INTEGER NOT NULL,
  queuedAtMs INTEGER NOT NULL, position INTEGER NOT NULL, failure TEXT NOT NULL,
  PRIMARY KEY (owner, roomId, clientId)
)`;
const OLD_ROW = `INSERT INTO outbox VALUES ('${OWNER}', 'r_1', 'c_old', 'Tea?', 1, 2, 3, '')`;

const context = {} as never;
let core: Core;
let platform: Platform;
let kit: Kit;

before(async () => {
  core = await loadCore();
  platform = await loadPlatform();
  kit = (platform as unknown as { relationalStore: Kit }).relationalStore;
});

function raw(): Promise<RawStore> {
  return kit.getRdbStore(context, { name: FILE, securityLevel: 1 });
}

/** A device on which nothing is stored but what `statements` leave there, at `version`. */
async function device(version: number, statements: string[]): Promise<OutboxStore> {
  await kit.deleteRdbStore(context, FILE);
  const store = await raw();
  for (const statement of statements) {
    await store.executeSql(statement);
  }
  if (version > 0) {
    store.version = version;
  }
  return new platform.RelationalOutboxStore(context);
}

function message(clientId: string, position: number, more: Partial<StoredMessage> = {}): StoredMessage {
  const plain = { roomId: 'r_1', clientId, text: 't', createdAtMs: 1, queuedAtMs: 2, position, failure: '' };
  return { ...plain, file: undefined, ...more } as StoredMessage;
}

const PHOTO = { fileId: 'f_1', name: 'Tee 🍵.png', contentType: 'image/png', sizeBytes: 9, widthPx: 3, heightPx: 4 };

describe('the store of unsent messages', () => {
  test('gives back what it got, with its file and without, in the order of sending', async () => {
    const store = await device(0, []);
    const photo = message('c_photo', 7, { text: '', file: PHOTO });
    await store.put(OWNER, photo);
    await store.put(OWNER, message('c_plain', 5));
    assert.deepEqual(await store.load(OWNER), [message('c_plain', 5), photo]);
  });

  const UPGRADES: [what: string, statements: string[]][] = [
    ['the first version', [FIRST_TABLE, OLD_ROW]],
    [
      'an app that was killed in the middle of the change',
      [FIRST_TABLE, OLD_ROW, "ALTER TABLE outbox ADD COLUMN file TEXT NOT NULL DEFAULT ''"],
    ],
  ];
  UPGRADES.forEach(([what, statements]) => {
    test(`keeps the messages of ${what}, which have no file, and takes files from then on`, async () => {
      const store = await device(1, statements);
      const old = message('c_old', 3, { text: 'Tea?' });
      assert.deepEqual(await store.load(OWNER), [old]);
      const photo = message('c_photo', 7, { file: PHOTO });
      await store.put(OWNER, photo);
      assert.deepEqual(await store.load(OWNER), [old, photo]);
      assert.deepEqual(await new platform.RelationalOutboxStore(context).load(OWNER), [old, photo]);
    });
  });

  test('lets the user decide about a message whose file cannot be read any more', async () => {
    const store = await device(0, []);
    await store.put(OWNER, message('c_photo', 7, { file: PHOTO }));
    await (await raw()).executeSql("UPDATE outbox SET file = '{'");
    assert.deepEqual(await store.load(OWNER), [message('c_photo', 7, { failure: core.AppErrorCode.Internal })]);
  });
});
