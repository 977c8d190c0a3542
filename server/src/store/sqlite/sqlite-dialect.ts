import { DummyDriver, Kysely, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Dialect } from '../sql/dialect';
import type { Tables } from '../sql/tables';
import type { IndexBacklog } from './index-backlog';
import { SqliteSearchIndex } from './sqlite-search-index';

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (any) => new SqliteIntrospector(any),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

const rows: Dialect['rows'] = (slot, columns, alias) => {
  const selections = Object.keys(columns).map(
    (name) => sql`json_extract(value, ${sql.lit(`$.${name}`)}) as ${sql.id(name)}`,
  );
  return sql<never>`(select ${sql.join(selections)} from json_each(${slot}))`.as(alias);
};

/** SQLite: one writer, so nothing needs to be locked. */
export function sqliteDialect(backlog: IndexBacklog): Dialect & { readonly search: SqliteSearchIndex } {
  return { db, rows, locked: (query) => query, search: new SqliteSearchIndex(db, rows, backlog) };
}
