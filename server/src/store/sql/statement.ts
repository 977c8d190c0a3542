import type { Compilable, Kysely } from 'kysely';
import type { Tables } from './tables';

/** What a statement takes: rows travel as one JSON text. */
export type Value = string | number | null | readonly Row[];
export type Row = Readonly<Record<string, string | number | null>>;
export type Params = Readonly<Record<string, Value>>;

/** Stands in a query for the value that each run brings. */
class Slot {
  constructor(readonly name: string) {}
}

/** One query, compiled once: SQL text and what goes into its places. */
export class Statement<P, R> {
  /** Only to tell types apart. */
  declare readonly takes: P;
  declare readonly gives: R;

  constructor(
    readonly sql: string,
    /** Whether it answers with rows; else with the count of those that it changed. */
    readonly hasRows: boolean,
    private readonly places: readonly unknown[],
  ) {}

  /** The values in the order of the places. Throws for a parameter that was not given. */
  bind(params: Params): unknown[] {
    return this.places.map((place) => {
      if (!(place instanceof Slot)) {
        return place;
      }
      const value = params[place.name];
      if (value === undefined) {
        throw new Error(`parameter ${place.name}: expected a value, got none in ${this.sql}`);
      }
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    });
  }
}

/** A query's parameters by name, each of the type that its column wants. */
type Slots<P> = { readonly [K in keyof P]-?: P[K] extends readonly Row[] ? string : P[K] };

const SLOTS = new Proxy({}, { get: (_target, name) => new Slot(String(name)) });

/** Compiles a query for a database. `P` names and types what each run brings. */
export function statement<P>(db: Kysely<Tables>): {
  as<R>(build: (db: Kysely<Tables>, slots: Slots<P>) => Compilable<R>): Statement<P, R>;
} {
  return {
    as<R>(build: (db: Kysely<Tables>, slots: Slots<P>) => Compilable<R>): Statement<P, R> {
      const { sql, parameters, query } = build(db, SLOTS as Slots<P>).compile();
      const hasRows = query.kind === 'SelectQueryNode' || ('returning' in query && query.returning !== undefined);
      return new Statement<P, R>(sql, hasRows, parameters);
    },
  };
}
