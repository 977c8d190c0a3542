import type relationalStore from '@ohos.data.relationalStore';
import type { AsyncCallback } from '@ohos.base';
import { HostError } from '../../runtime/core/errors.js';
import { KitError, parameterError, settle } from './business-error.js';
import { loud } from './loud.js';
import { HostRdbPredicates } from './rdb-predicates.js';
import type { RdbQueue } from './rdb-queue.js';
import { HostResultSet } from './rdb-result-set.js';
import { NOT_A_QUERY, toSql } from './rdb-values.js';
import type { SqliteDatabase, SqlValue } from './sqlite.js';

type RdbStore = relationalStore.RdbStore;
type ResultSet = relationalStore.ResultSet;
type ValuesBucket = relationalStore.ValuesBucket;
type ValueType = relationalStore.ValueType;
type Predicates = relationalStore.RdbPredicates;

/** By the numbers of `ConflictResolution`. */
const CONFLICTS = ['', ' OR ROLLBACK', ' OR ABORT', ' OR FAIL', ' OR IGNORE', ' OR REPLACE'];
/** They have methods of their own on a device, or none. */
const NOT_FOR_EXECUTE = /^\s*(begin|commit|end|rollback|savepoint|release|attach|detach)\b/i;
const QUERY = /^\s*(select|with|values|pragma|explain)\b/i;

/** The promise forms and the callback forms; what a preview cannot make durable (`…Sync`, `beginTransaction`) is left out. */
export class HostRdbStore implements Partial<RdbStore> {
  constructor(private readonly queue: RdbQueue) {}

  get version(): number {
    return Number(this.queue.now((database) => database.all('PRAGMA user_version').rows[0]?.[0]));
  }

  /** Takes effect at once here and is durable with the next write that resolves. */
  set version(value: number) {
    if (!Number.isInteger(value) || value <= 0) {
      throw parameterError('version', 'an integer above 0', value);
    }
    const change = (database: SqliteDatabase): unknown => database.all(`PRAGMA user_version = ${value}`);
    this.queue.now(change);
    this.queue.add(true, change).catch((error: unknown) => console.error(error));
  }

  insert(table: string, values: ValuesBucket, callback: AsyncCallback<number>): void;
  insert(
    table: string,
    values: ValuesBucket,
    conflict: relationalStore.ConflictResolution,
    callback: AsyncCallback<number>,
  ): void;
  insert(table: string, values: ValuesBucket): Promise<number>;
  insert(table: string, values: ValuesBucket, conflict: relationalStore.ConflictResolution): Promise<number>;
  insert(
    table: string,
    values: ValuesBucket,
    third?: relationalStore.ConflictResolution | AsyncCallback<number>,
    callback?: AsyncCallback<number>,
  ): Promise<number> | void {
    const { sql, args } = insertOf(table, values, typeof third === 'function' ? 0 : (third ?? 0));
    const work = this.queue.add(true, (database) => (database.run(sql, args) === 0 ? -1 : database.lastRowId()));
    return settle(work, typeof third === 'function' ? third : callback);
  }

  /** All rows or none. */
  batchInsert(table: string, values: ValuesBucket[], callback: AsyncCallback<number>): void;
  batchInsert(table: string, values: ValuesBucket[]): Promise<number>;
  batchInsert(table: string, values: ValuesBucket[], callback?: AsyncCallback<number>): Promise<number> | void {
    const inserts = values.map((row) => insertOf(table, row, 0));
    const work = this.queue.add(true, (database) =>
      inserts.reduce((count, { sql, args }) => count + database.run(sql, args), 0),
    );
    return settle(work, callback);
  }

  update(values: ValuesBucket, predicates: Predicates, callback: AsyncCallback<number>): void;
  update(
    values: ValuesBucket,
    predicates: Predicates,
    conflict: relationalStore.ConflictResolution,
    callback: AsyncCallback<number>,
  ): void;
  update(values: ValuesBucket, predicates: Predicates): Promise<number>;
  update(values: ValuesBucket, predicates: Predicates, conflict: relationalStore.ConflictResolution): Promise<number>;
  update(
    values: ValuesBucket,
    predicates: Predicates,
    third?: relationalStore.ConflictResolution | AsyncCallback<number>,
    callback?: AsyncCallback<number>,
  ): Promise<number> | void {
    const where = plain(predicates, 'update');
    const columns = columnsOf(values);
    const conflict = CONFLICTS[typeof third === 'function' ? 0 : (third ?? 0)] ?? '';
    const sql = `UPDATE${conflict} ${where.table} SET ${columns.map((name) => `${name} = ?`).join(', ')}${where.where()}`;
    const args = [...columns.map((name) => toSql(values[name])), ...where.values];
    const work = this.queue.add(true, (database) => database.run(sql, args));
    return settle(work, typeof third === 'function' ? third : callback);
  }

  delete(predicates: Predicates, callback: AsyncCallback<number>): void;
  delete(predicates: Predicates): Promise<number>;
  delete(predicates: Predicates, callback?: AsyncCallback<number>): Promise<number> | void {
    const where = plain(predicates, 'delete');
    const sql = `DELETE FROM ${where.table}${where.where()}`;
    const args = [...where.values];
    const work = this.queue.add(true, (database) => database.run(sql, args));
    return settle(work, callback);
  }

  query(predicates: Predicates, callback: AsyncCallback<ResultSet>): void;
  query(predicates: Predicates, columns: string[], callback: AsyncCallback<ResultSet>): void;
  query(predicates: Predicates, columns?: string[]): Promise<ResultSet>;
  query(
    predicates: Predicates,
    second?: string[] | AsyncCallback<ResultSet>,
    callback?: AsyncCallback<ResultSet>,
  ): Promise<ResultSet> | void {
    const wanted = own(predicates);
    const sql = wanted.select(Array.isArray(second) ? second : []);
    return settle(this.read(sql, [...wanted.values]), typeof second === 'function' ? second : callback);
  }

  querySql(sql: string, callback: AsyncCallback<ResultSet>): void;
  querySql(sql: string, bindArgs: ValueType[], callback: AsyncCallback<ResultSet>): void;
  querySql(sql: string, bindArgs?: ValueType[]): Promise<ResultSet>;
  querySql(
    sql: string,
    second?: ValueType[] | AsyncCallback<ResultSet>,
    callback?: AsyncCallback<ResultSet>,
  ): Promise<ResultSet> | void {
    const args = Array.isArray(second) ? second.map(toSql) : [];
    const work = QUERY.test(sql)
      ? this.read(sql, args)
      : Promise.reject(new KitError(NOT_A_QUERY, 'The SQL must be a query statement.'));
    return settle(work, typeof second === 'function' ? second : callback);
  }

  executeSql(sql: string, callback: AsyncCallback<void>): void;
  executeSql(sql: string, bindArgs: ValueType[], callback: AsyncCallback<void>): void;
  executeSql(sql: string, bindArgs?: ValueType[]): Promise<void>;
  executeSql(
    sql: string,
    second?: ValueType[] | AsyncCallback<void>,
    callback?: AsyncCallback<void>,
  ): Promise<void> | void {
    if (NOT_FOR_EXECUTE.test(sql)) {
      throw new HostError(`RdbStore.executeSql('${sql}'): transactions and attaching are not implemented by the host`);
    }
    const args = Array.isArray(second) ? second.map(toSql) : [];
    const work = this.queue.add(true, (database) => {
      database.run(sql, args);
    });
    return settle(work, typeof second === 'function' ? second : callback);
  }

  close(): Promise<void> {
    return this.queue.close();
  }

  private read(sql: string, args: readonly SqlValue[]): Promise<ResultSet> {
    return this.queue.add(false, (database) =>
      loud<ResultSet>('ResultSet', new HostResultSet(database.all(sql, args))),
    );
  }
}

function own(predicates: Predicates): HostRdbPredicates {
  if (!(predicates instanceof HostRdbPredicates)) {
    throw parameterError('predicates', 'RdbPredicates', typeof predicates);
  }
  return predicates;
}

function plain(predicates: Predicates, method: string): HostRdbPredicates {
  const where = own(predicates);
  if (!where.isPlain()) {
    throw new HostError(`RdbStore.${method} by an order, a limit or groups is not implemented by the host`);
  }
  return where;
}

function columnsOf(values: ValuesBucket): string[] {
  const columns = Object.keys(values);
  if (columns.length === 0) {
    throw parameterError('values', 'at least one column', 'none');
  }
  return columns;
}

function insertOf(table: string, values: ValuesBucket, conflict: number): { sql: string; args: SqlValue[] } {
  if (typeof table !== 'string' || table === '') {
    throw parameterError('table', 'the name of a table', table);
  }
  const columns = columnsOf(values);
  const places = columns.map(() => '?').join(', ');
  return {
    sql: `INSERT${CONFLICTS[conflict] ?? ''} INTO ${table} (${columns.join(', ')}) VALUES (${places})`,
    args: columns.map((name) => toSql(values[name])),
  };
}
