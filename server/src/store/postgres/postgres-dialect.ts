import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import type { Dialect } from '../sql/dialect';
import type { Tables } from '../sql/tables';
import { PostgresSearchIndex } from './postgres-search-index';

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (any) => new PostgresIntrospector(any),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const rows: Dialect['rows'] = (slot, columns, alias) => {
  const definitions = Object.entries<string>(columns).map(
    ([name, type]) => sql`${sql.id(name)} ${sql.raw(type === 'text' ? 'text collate "C"' : type)}`,
  );
  return sql<never>`(select * from jsonb_to_recordset(${slot}::jsonb) as x(${sql.join(definitions)}))`.as(alias);
};

/** Rows that a batch of commands builds on are locked, in one order everywhere, until its transaction ends. */
export function postgresDialect(): Dialect {
  return { db, rows, locked: (query, of) => query.forUpdate(of), search: new PostgresSearchIndex(db, rows) };
}
