import type relationalStore from '@ohos.data.relationalStore';
import { HostError } from '../../runtime/core/errors.js';
import { parameterError } from './business-error.js';
import { toSql } from './rdb-values.js';
import type { SqlValue } from './sqlite.js';

type Declared = relationalStore.RdbPredicates;
type ValueType = relationalStore.ValueType;

/** Conditions as SQL with values apart. Conditions that follow each other without `or` are joined by AND. */
export class HostRdbPredicates implements Declared {
  readonly table: string;
  readonly values: SqlValue[] = [];
  private readonly parts: string[] = [];
  private readonly orders: string[] = [];
  private groups: readonly string[] = [];
  private isDistinct = false;
  private limit = -1;
  private offset = -1;
  private isJoined = true;

  constructor(name: string) {
    if (typeof name !== 'string' || name === '') {
      throw parameterError('name', 'the name of a table', name);
    }
    this.table = name;
  }

  equalTo(field: string, value: ValueType): this {
    return this.add(`${field} = ?`, value);
  }

  notEqualTo(field: string, value: ValueType): this {
    return this.add(`${field} <> ?`, value);
  }

  greaterThan(field: string, value: ValueType): this {
    return this.add(`${field} > ?`, value);
  }

  lessThan(field: string, value: ValueType): this {
    return this.add(`${field} < ?`, value);
  }

  greaterThanOrEqualTo(field: string, value: ValueType): this {
    return this.add(`${field} >= ?`, value);
  }

  lessThanOrEqualTo(field: string, value: ValueType): this {
    return this.add(`${field} <= ?`, value);
  }

  between(field: string, low: ValueType, high: ValueType): this {
    return this.add(`${field} BETWEEN ? AND ?`, low, high);
  }

  notBetween(field: string, low: ValueType, high: ValueType): this {
    return this.add(`${field} NOT BETWEEN ? AND ?`, low, high);
  }

  isNull(field: string): this {
    return this.add(`${field} IS NULL`);
  }

  isNotNull(field: string): this {
    return this.add(`${field} IS NOT NULL`);
  }

  contains(field: string, value: string): this {
    return this.add(`${field} LIKE ?`, `%${value}%`);
  }

  notContains(field: string, value: string): this {
    return this.add(`${field} NOT LIKE ?`, `%${value}%`);
  }

  beginsWith(field: string, value: string): this {
    return this.add(`${field} LIKE ?`, `${value}%`);
  }

  endsWith(field: string, value: string): this {
    return this.add(`${field} LIKE ?`, `%${value}`);
  }

  like(field: string, value: string): this {
    return this.add(`${field} LIKE ?`, value);
  }

  notLike(field: string, value: string): this {
    return this.add(`${field} NOT LIKE ?`, value);
  }

  glob(field: string, value: string): this {
    return this.add(`${field} GLOB ?`, value);
  }

  in(field: string, value: ValueType[]): this {
    return this.add(`${field} IN (${value.map(() => '?').join(', ')})`, ...value);
  }

  notIn(field: string, value: ValueType[]): this {
    return this.add(`${field} NOT IN (${value.map(() => '?').join(', ')})`, ...value);
  }

  beginWrap(): this {
    this.join();
    this.parts.push('(');
    this.isJoined = true;
    return this;
  }

  endWrap(): this {
    this.parts.push(')');
    return this;
  }

  or(): this {
    this.parts.push('OR');
    this.isJoined = true;
    return this;
  }

  and(): this {
    this.parts.push('AND');
    this.isJoined = true;
    return this;
  }

  orderByAsc(field: string): this {
    this.orders.push(`${field} ASC`);
    return this;
  }

  orderByDesc(field: string): this {
    this.orders.push(`${field} DESC`);
    return this;
  }

  distinct(): this {
    this.isDistinct = true;
    return this;
  }

  limitAs(value: number): this {
    this.limit = value;
    return this;
  }

  offsetAs(rowOffset: number): this {
    this.offset = rowOffset;
    return this;
  }

  groupBy(fields: string[]): this {
    this.groups = fields;
    return this;
  }

  indexedBy(): never {
    throw new HostError('RdbPredicates.indexedBy is not implemented by the host');
  }

  inDevices(): never {
    throw new HostError('RdbPredicates.inDevices is not implemented by the host');
  }

  inAllDevices(): never {
    throw new HostError('RdbPredicates.inAllDevices is not implemented by the host');
  }

  select(columns: readonly string[]): string {
    const bounds = this.limit < 0 && this.offset < 0 ? '' : ` LIMIT ${this.limit} OFFSET ${Math.max(this.offset, 0)}`;
    return [
      `SELECT ${this.isDistinct ? 'DISTINCT ' : ''}${columns.length === 0 ? '*' : columns.join(', ')} FROM ${this.table}`,
      this.where(),
      this.groups.length === 0 ? '' : ` GROUP BY ${this.groups.join(', ')}`,
      this.orders.length === 0 ? '' : ` ORDER BY ${this.orders.join(', ')}`,
      bounds,
    ].join('');
  }

  /** For update and delete, which know conditions only. */
  where(): string {
    return this.parts.length === 0 ? '' : ` WHERE ${this.parts.join(' ')}`;
  }

  isPlain(): boolean {
    return this.limit < 0 && this.offset < 0 && this.orders.length === 0 && this.groups.length === 0;
  }

  private add(condition: string, ...values: ValueType[]): this {
    this.join();
    this.parts.push(condition);
    this.values.push(...values.map(toSql));
    return this;
  }

  private join(): void {
    if (!this.isJoined) {
      this.parts.push('AND');
    }
    this.isJoined = false;
  }
}
