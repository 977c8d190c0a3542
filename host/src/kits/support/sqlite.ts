import { HostError } from '../../runtime/core/errors.js';
import { KitError } from './business-error.js';
import { SQLITE_FILES, SQLITE_FOLDER } from './sqlite-files.js';

export type SqlValue = number | string | Uint8Array | null;

export interface SqlRows {
  readonly columns: string[];
  readonly rows: SqlValue[][];
}

/** The part of sql.js (SQLite as WebAssembly) that the kit uses. */
interface SqlJsStatement {
  bind(values: readonly SqlValue[]): boolean;
  step(): boolean;
  get(): SqlValue[];
  getColumnNames(): string[];
  free(): boolean;
}

interface SqlJsDatabase {
  prepare(sql: string): SqlJsStatement;
  getRowsModified(): number;
  export(): Uint8Array;
  close(): void;
}

interface SqlJs {
  readonly Database: new (image: Uint8Array | null) => SqlJsDatabase;
}

type InitSqlJs = (config: object) => Promise<SqlJs>;

const CANNOT_OPEN = 14800030;

/** A database in memory that can be had as bytes, and made of them. */
export class SqliteDatabase {
  private constructor(private readonly inner: SqlJsDatabase) {}

  /** Loads SQLite with the first database: most of an app's starts need none. */
  static async maker(): Promise<(image: Uint8Array | null) => SqliteDatabase> {
    const { Database } = await loadOnce();
    return (image) => new SqliteDatabase(new Database(image));
  }

  /** Every row of one statement. */
  all(sql: string, values: readonly SqlValue[] = []): SqlRows {
    const statement = this.inner.prepare(sql);
    try {
      statement.bind(values);
      const rows: SqlValue[][] = [];
      while (statement.step()) {
        rows.push(statement.get());
      }
      return { columns: statement.getColumnNames(), rows };
    } finally {
      statement.free();
    }
  }

  /** How many rows the statement changed. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    this.all(sql, values);
    return this.inner.getRowsModified();
  }

  lastRowId(): number {
    return Number(this.all('SELECT last_insert_rowid()').rows[0]?.[0]);
  }

  image(): Uint8Array {
    return this.inner.export();
  }

  close(): void {
    this.inner.close();
  }
}

let loading: Promise<SqlJs> | null = null;

function loadOnce(): Promise<SqlJs> {
  loading ??= (typeof document === 'undefined' ? loadInNode() : loadInBrowser()).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/**
 * The wasm is fetched and compiled here and not by sql.js: what fails there fails a second time as an error of the page. The
 * rest of sql.js is a classic script, as it is no ES module.
 */
async function loadInBrowser(): Promise<SqlJs> {
  const urlOf = (name: string): string => new URL(`${SQLITE_FOLDER}/${name}`, document.baseURI).href;
  try {
    const [wasm] = await Promise.all([compile(urlOf(SQLITE_FILES.wasm)), runScript(urlOf(SQLITE_FILES.script))]);
    return await (globalThis as unknown as { initSqlJs: InitSqlJs }).initSqlJs({
      instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object => {
        done(new WebAssembly.Instance(wasm, imports));
        return {};
      },
    });
  } catch (error) {
    throw new KitError(CANNOT_OPEN, `SQLite could not be loaded: ${String(error)}`);
  }
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url}: ${response.status}`);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

async function runScript(url: string): Promise<void> {
  const script = document.createElement('script');
  script.src = url;
  await new Promise<void>((resolve, reject) => {
    script.onload = (): void => resolve();
    script.onerror = (): void => reject(new Error(url));
    document.head.append(script);
  });
}

/** The name is no literal, so that no bundle takes it in. */
async function loadInNode(): Promise<SqlJs> {
  const nodeModule = 'node:module';
  const { createRequire } = (await import(nodeModule)) as {
    createRequire: (from: string) => (id: string) => InitSqlJs;
  };
  const places = [import.meta.url, `${process.cwd()}/package.json`];
  for (const place of places) {
    try {
      return await createRequire(place)('sql.js')({});
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') {
        throw error;
      }
    }
  }
  throw new HostError(`relationalStore: sql.js is not installed near ${places.join(' or ')}`);
}
