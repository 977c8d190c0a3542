import type relationalStore from '@ohos.data.relationalStore';
import type { AsyncCallback } from '@ohos.base';
import { HostError } from '../runtime/core/errors.js';
import { parameterError, settle } from './support/business-error.js';
import { enumOf } from './support/enums.js';
import { hostProcess } from './support/host-process.js';
import { loud } from './support/loud.js';
import { images, type Images } from './support/rdb-images.js';
import { HostRdbPredicates } from './support/rdb-predicates.js';
import { RdbQueue } from './support/rdb-queue.js';
import { HostRdbStore } from './support/rdb-store.js';

type Context = Parameters<typeof relationalStore.getRdbStore>[0];
type RdbStore = relationalStore.RdbStore;
type StoreConfig = relationalStore.StoreConfig;

const MAX_NAME_LENGTH = 255;
/** A preview's store is in clear and has no devices to share with, so these would be promises that nobody keeps. */
const UNSUPPORTED = ['dataGroupId', 'customDir', 'pluginLibs', 'isReadOnly'] as const;

/** One for each store of the process, as on a device: whoever opens it sees what the others wrote. */
const open = new Map<string, Promise<RdbQueue>>();
let storage: Images | null = null;

function imagesOfProfile(): Images {
  storage ??= images();
  return storage;
}

function nameOf(config: string | StoreConfig): string {
  const name = typeof config === 'string' ? config : config?.name;
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH || name.includes('/')) {
    throw parameterError('name', `1 to ${MAX_NAME_LENGTH} characters without "/"`, name);
  }
  return name;
}

function checkConfig(config: StoreConfig): void {
  if (![1, 2, 3, 4].includes(config.securityLevel)) {
    throw parameterError('securityLevel', 'a SecurityLevel', config.securityLevel);
  }
  const strange = UNSUPPORTED.find((key) => config[key] !== undefined && config[key] !== null);
  if (strange !== undefined) {
    throw new HostError(`relationalStore: StoreConfig.${strange} is not implemented by the host`);
  }
}

function checkContext(context: Context): void {
  if (context === undefined || context === null) {
    throw parameterError('context', 'a context of the ability', context);
  }
}

async function openStore(config: StoreConfig): Promise<RdbStore> {
  const name = nameOf(config);
  const key = `${hostProcess.profile}/${name}`;
  let queue = open.get(key);
  if (queue === undefined || (await queue).isClosed) {
    queue = RdbQueue.open(name, imagesOfProfile());
    open.set(key, queue);
    queue.catch(() => open.delete(key));
  }
  return loud<RdbStore>('RdbStore', new HostRdbStore(await queue));
}

async function deleteStore(name: string): Promise<void> {
  const key = `${hostProcess.profile}/${name}`;
  const queue = open.get(key);
  open.delete(key);
  await (await queue)?.close();
  await imagesOfProfile().remove(name);
}

function getRdbStore(context: Context, config: StoreConfig, callback: AsyncCallback<RdbStore>): void;
function getRdbStore(context: Context, config: StoreConfig): Promise<RdbStore>;
function getRdbStore(
  context: Context,
  config: StoreConfig,
  callback?: AsyncCallback<RdbStore>,
): Promise<RdbStore> | void {
  checkContext(context);
  nameOf(config);
  checkConfig(config);
  return settle(openStore(config), callback);
}

function deleteRdbStore(context: Context, name: string, callback: AsyncCallback<void>): void;
function deleteRdbStore(context: Context, config: StoreConfig, callback: AsyncCallback<void>): void;
function deleteRdbStore(context: Context, name: string): Promise<void>;
function deleteRdbStore(context: Context, config: StoreConfig): Promise<void>;
function deleteRdbStore(
  context: Context,
  config: string | StoreConfig,
  callback?: AsyncCallback<void>,
): Promise<void> | void {
  checkContext(context);
  return settle(deleteStore(nameOf(config)), callback);
}

export default loud<typeof relationalStore>('relationalStore', {
  getRdbStore,
  deleteRdbStore,
  RdbPredicates: HostRdbPredicates,
  SecurityLevel: enumOf<typeof relationalStore.SecurityLevel>({ S1: 1, S2: 2, S3: 3, S4: 4 }),
  ConflictResolution: enumOf<typeof relationalStore.ConflictResolution>({
    ON_CONFLICT_NONE: 0,
    ON_CONFLICT_ROLLBACK: 1,
    ON_CONFLICT_ABORT: 2,
    ON_CONFLICT_FAIL: 3,
    ON_CONFLICT_IGNORE: 4,
    ON_CONFLICT_REPLACE: 5,
  }),
});
