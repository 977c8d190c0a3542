/** Runs in the browser: puts the kits where a test's `page.evaluate` reaches them. */
import asset from '../../../src/kits/ohos.security.asset.js';
import connection from '../../../src/kits/ohos.net.connection.js';
import fileIo from '../../../src/kits/ohos.file.fs.js';
import photoAccessHelper from '../../../src/kits/ohos.file.photoAccessHelper.js';
import picker from '../../../src/kits/ohos.file.picker.js';
import http from '../../../src/kits/ohos.net.http.js';
import i18n from '../../../src/kits/ohos.i18n.js';
import intl from '../../../src/kits/ohos.intl.js';
import preferences from '../../../src/kits/ohos.data.preferences.js';
import relationalStore from '../../../src/kits/ohos.data.relationalStore.js';
import util from '../../../src/kits/ohos.util.js';
import webSocket from '../../../src/kits/ohos.net.webSocket.js';
import axios, { AxiosError } from '../../../src/kits/pkg/axios.js';
import { setSystemLocale } from '../../../src/kits/support/configuration.js';
import { hostProcess } from '../../../src/kits/support/host-process.js';
import { locale } from '../../../src/runtime/core/config.js';

const query = new URLSearchParams(location.search);
hostProcess.bundleName = 'org.example.kits';
hostProcess.profile = query.get('profile') ?? 'default';
setSystemLocale(query.get('locale') ?? 'en-US');

/** What a failure looks like once it has crossed into the test. */
async function failureOf(action: () => unknown): Promise<{ name: string; code: unknown; message: string } | null> {
  try {
    await action();
    return null;
  } catch (error) {
    const { name, code, message } = error as Error & { code?: unknown };
    return { name, code, message };
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: unknown): string => new TextDecoder().decode(value as Uint8Array);

const context = { stageMode: true };

/** The same store whenever it is asked for, with what it holds. */
function openRdb(name = 'test.db'): ReturnType<typeof relationalStore.getRdbStore> {
  return relationalStore.getRdbStore(context as never, { name, securityLevel: 1 });
}

async function rowsOf(sql: string, name = 'test.db'): Promise<Record<string, unknown>[]> {
  const set = await (await openRdb(name)).querySql(sql);
  const rows: Record<string, unknown>[] = [];
  while (set.goToNextRow()) {
    rows.push(set.getRow());
  }
  return rows;
}

const kits = {
  asset,
  connection,
  fileIo,
  http,
  i18n,
  intl,
  photoAccessHelper,
  picker,
  preferences,
  relationalStore,
  util,
  webSocket,
  axios,
  AxiosError,
  locale,
  failureOf,
  bytes,
  text,
  context,
  openRdb,
  rowsOf,
};
export type Kits = typeof kits;
Object.assign(globalThis, { kits });
