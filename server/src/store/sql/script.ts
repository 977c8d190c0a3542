import type { Params, Statement } from './statement';

/** A statement with its values, on its way to the database. */
export interface Ask {
  readonly statement: Statement<unknown, unknown>;
  readonly params: Params;
}

export interface Reply {
  readonly rows: readonly unknown[];
  /** Rows that a statement without answer changed. */
  readonly changes: number;
}

/**
 * What happens inside one transaction: it yields statements and is given their replies. So the same lines run at one go where
 * the database is in this process (SQLite), and wait between statements where it is not (PostgreSQL).
 */
export type Script<T> = Generator<Ask, T, Reply>;

export function* all<P, R>(query: Statement<P, R>, params: P & Params): Script<R[]> {
  const { rows } = yield { statement: query as Statement<unknown, unknown>, params };
  return rows as R[];
}

export function* first<P, R>(query: Statement<P, R>, params: P & Params): Script<R | null> {
  const rows = yield* all(query, params);
  return rows[0] ?? null;
}

/** The number of rows that it changed. */
export function* run<P, R>(query: Statement<P, R>, params: P & Params): Script<number> {
  const { changes } = yield { statement: query as Statement<unknown, unknown>, params };
  return changes;
}
