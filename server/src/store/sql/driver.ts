import type { Script } from './script';

/** Runs scripts on a database. Rejects with what the database said. */
export interface Driver {
  /**
   * In one transaction that is on disk when the promise is fulfilled. Runs the script again, from its start, where another
   * process came between: it must not change anything outside.
   */
  transaction<T>(script: () => Script<T>): Promise<T>;
  /** Sees the database as it is at one moment. */
  read<T>(script: () => Script<T>): Promise<T>;
  /** The one file or the database, whole and readable. Rejects with what is wrong. */
  check(): Promise<void>;
  close(): Promise<void>;
}
