import type relationalStore from '@ohos.data.relationalStore';
import { KitError, parameterError } from './business-error.js';
import { CLOSED, COLUMN_OUT_OF_BOUNDS, ROW_OUT_OF_BOUNDS } from './rdb-values.js';
import type { SqlRows, SqlValue } from './sqlite.js';

type ResultSet = relationalStore.ResultSet;

/** The rows as they were at the time of the query. It stands before the first one until it is moved. */
export class HostResultSet implements Partial<ResultSet> {
  rowIndex = -1;
  isClosed = false;

  constructor(private readonly result: SqlRows) {}

  get columnNames(): string[] {
    return [...this.result.columns];
  }

  get columnCount(): number {
    return this.result.columns.length;
  }

  get rowCount(): number {
    return this.result.rows.length;
  }

  get isStarted(): boolean {
    return this.rowIndex >= 0;
  }

  get isEnded(): boolean {
    return this.rowCount > 0 && this.rowIndex >= this.rowCount;
  }

  get isAtFirstRow(): boolean {
    return this.rowCount > 0 && this.rowIndex === 0;
  }

  get isAtLastRow(): boolean {
    return this.rowCount > 0 && this.rowIndex === this.rowCount - 1;
  }

  goTo(offset: number): boolean {
    return this.goToRow(this.rowIndex + offset);
  }

  goToRow(position: number): boolean {
    this.checkOpen();
    this.rowIndex = Math.min(Math.max(position, -1), this.rowCount);
    return position >= 0 && position < this.rowCount;
  }

  goToFirstRow(): boolean {
    return this.goToRow(0);
  }

  goToLastRow(): boolean {
    return this.goToRow(this.rowCount - 1);
  }

  goToNextRow(): boolean {
    return this.goToRow(this.rowIndex + 1);
  }

  goToPreviousRow(): boolean {
    return this.goToRow(this.rowIndex - 1);
  }

  getColumnIndex(columnName: string): number {
    this.checkOpen();
    if (typeof columnName !== 'string' || columnName === '') {
      throw parameterError('columnName', 'the name of a column', columnName);
    }
    const wanted = columnName.toLowerCase();
    return this.result.columns.findIndex((name) => name.toLowerCase() === wanted);
  }

  getColumnName(columnIndex: number): string {
    this.checkOpen();
    const name = this.result.columns[columnIndex];
    if (name === undefined) {
      throw outOfBounds(columnIndex, this.columnCount);
    }
    return name;
  }

  getString(columnIndex: number): string {
    const value = this.at(columnIndex);
    return value === null ? '' : String(value);
  }

  getLong(columnIndex: number): number {
    return Math.trunc(this.getDouble(columnIndex));
  }

  getDouble(columnIndex: number): number {
    const value = this.at(columnIndex);
    return value instanceof Uint8Array || value === null ? 0 : Number(value) || 0;
  }

  getBlob(columnIndex: number): Uint8Array {
    const value = this.at(columnIndex);
    return value instanceof Uint8Array ? value.slice() : new TextEncoder().encode(value === null ? '' : String(value));
  }

  getValue(columnIndex: number): relationalStore.ValueType {
    return this.at(columnIndex);
  }

  getRow(): relationalStore.ValuesBucket {
    const row = this.row();
    return Object.fromEntries(this.result.columns.map((name, index) => [name, row[index] ?? null]));
  }

  isColumnNull(columnIndex: number): boolean {
    return this.at(columnIndex) === null;
  }

  close(): void {
    this.isClosed = true;
  }

  private at(columnIndex: number): SqlValue {
    const value = this.row()[columnIndex];
    if (value === undefined) {
      throw outOfBounds(columnIndex, this.columnCount);
    }
    return value;
  }

  private row(): SqlValue[] {
    this.checkOpen();
    const row = this.result.rows[this.rowIndex];
    if (row === undefined) {
      throw new KitError(ROW_OUT_OF_BOUNDS, `Row out of bounds: ${this.rowIndex} of ${this.rowCount}.`);
    }
    return row;
  }

  private checkOpen(): void {
    if (this.isClosed) {
      throw new KitError(CLOSED, 'The result set is closed.');
    }
  }
}

function outOfBounds(index: number, count: number): KitError {
  return new KitError(COLUMN_OUT_OF_BOUNDS, `Column out of bounds: ${index} of ${count}.`);
}
