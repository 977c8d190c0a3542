import { KitError } from './business-error.js';
import { hostProcess } from './host-process.js';

const IO_ERROR = 14800028;
const FULL = 14800029;
const CANNOT_OPEN = 14800030;
const VERSIONS = 'versions';
const IMAGES = 'images';

/**
 * What one turn does with a database: `image` holds the stored bytes (null for none) unless they are of the version that
 * the caller knows, which gets undefined. Returns the bytes to store, null to leave all as it is. Must not wait.
 */
export type Turn = (image: Uint8Array | null | undefined) => Uint8Array | null;

/** Databases at rest, each as one image, private to profile and bundle. */
export interface Images {
  /**
   * One turn at a time for each database, also where several pages have it open. Resolves to the version that is stored
   * now, when that outlives the page.
   */
  take(name: string, isWrite: boolean, known: string, turn: Turn): Promise<string>;
  remove(name: string): Promise<void>;
}

/** Where there is no IndexedDB (Node) the images live as long as the process. */
export function images(): Images {
  return typeof indexedDB === 'undefined' ? new MemoryImages() : new IndexedDbImages();
}

/** Never used twice: a database that was deleted and made anew is another one. */
function newVersion(): string {
  return `${Date.now()}.${Math.random()}`;
}

function fullName(name: string): string {
  return `${hostProcess.bundleName}/${hostProcess.profile}/relationalStore/${name}`;
}

class MemoryImages implements Images {
  private static readonly stored = new Map<string, { version: string; image: Uint8Array }>();

  async take(name: string, _isWrite: boolean, known: string, turn: Turn): Promise<string> {
    await Promise.resolve();
    const found = MemoryImages.stored.get(fullName(name));
    const image = turn(found !== undefined && found.version === known ? undefined : (found?.image ?? null));
    if (image === null) {
      return found?.version ?? '';
    }
    const version = newVersion();
    MemoryImages.stored.set(fullName(name), { version, image });
    return version;
  }

  async remove(name: string): Promise<void> {
    MemoryImages.stored.delete(fullName(name));
  }
}

/** One IndexedDB database for each profile. Its transactions are the turns. */
class IndexedDbImages implements Images {
  private readonly database = openDatabase(fullName('images'));

  async take(name: string, isWrite: boolean, known: string, turn: Turn): Promise<string> {
    const database = await this.database;
    return new Promise((resolve, reject) => {
      const transaction = begin(database, isWrite);
      const versions = transaction.objectStore(VERSIONS);
      const contents = transaction.objectStore(IMAGES);
      let version = '';
      let failure: unknown = null;
      const act = (image: Uint8Array | null | undefined): void => {
        try {
          const next = turn(image);
          if (next !== null) {
            version = newVersion();
            versions.put(version, name);
            contents.put(next, name);
          }
        } catch (error) {
          failure = error instanceof DOMException ? failureOf(error) : error;
          transaction.abort();
        }
      };
      const asked = versions.get(name);
      asked.onsuccess = (): void => {
        version = (asked.result as string | undefined) ?? '';
        if (version !== '' && version === known) {
          act(undefined);
          return;
        }
        const read = contents.get(name);
        read.onsuccess = (): void => act((read.result as Uint8Array | undefined) ?? null);
      };
      transaction.oncomplete = (): void => resolve(version);
      transaction.onabort = (): void => reject(failure ?? failureOf(transaction.error));
    });
  }

  async remove(name: string): Promise<void> {
    const transaction = begin(await this.database, true);
    transaction.objectStore(VERSIONS).delete(name);
    transaction.objectStore(IMAGES).delete(name);
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = (): void => resolve();
      transaction.onabort = (): void => reject(failureOf(transaction.error));
    });
  }
}

/**
 * Relaxed: complete means that the system has it, which outlives the page and the browser. To wait for the disk itself costs
 * tens of milliseconds for each message, and a preview need not outlive a power cut.
 */
function begin(database: IDBDatabase, isWrite: boolean): IDBTransaction {
  return database.transaction([VERSIONS, IMAGES], isWrite ? 'readwrite' : 'readonly', { durability: 'relaxed' });
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const opening = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = (): void => {
      request.result.createObjectStore(VERSIONS);
      request.result.createObjectStore(IMAGES);
    };
    request.onsuccess = (): void => resolve(request.result);
    request.onerror = (): void => reject(new KitError(CANNOT_OPEN, `IndexedDB: ${String(request.error)}`));
  });
  // Whoever uses it hears of the failure; nobody does before the first use.
  opening.catch(() => undefined);
  return opening;
}

function failureOf(error: DOMException | null): KitError {
  return new KitError(error?.name === 'QuotaExceededError' ? FULL : IO_ERROR, `IndexedDB: ${String(error)}`);
}
