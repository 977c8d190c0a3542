import type { AliasedExpression, Kysely, SelectQueryBuilder } from 'kysely';
import type { SearchIndex } from './search-index';
import type { Tables } from './tables';

export type ColumnType = 'text' | 'bigint';

/** The few places at which the databases differ. */
export interface Dialect {
  /** Compiles; runs nothing. */
  readonly db: Kysely<Tables>;
  readonly search: SearchIndex;
  /** A table from a parameter that brings rows as JSON. */
  rows<R, A extends string>(
    slot: string,
    columns: Readonly<Record<keyof R & string, ColumnType>>,
    alias: A,
  ): AliasedExpression<R, A>;
  /** Keeps the rows of table `of` from other processes until the transaction ends, in the order of `orderBy`. */
  locked<DB, TB extends keyof DB, O>(
    query: SelectQueryBuilder<DB, TB, O>,
    of: TB & string,
  ): SelectQueryBuilder<DB, TB, O>;
}
