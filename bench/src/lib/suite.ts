import type { Table } from './table';

/** What one run is asked for. */
export interface Order {
  readonly isQuick: boolean;
  /** Names out of the suite's `parts`, in their order. */
  readonly parts: readonly string[];
}

/** What one run has to say. */
export interface Report {
  /** Every figure, by part; a part that was not run has none. */
  readonly results: object;
  /** The figures by which a run is judged. Null where it brought no valid one. */
  readonly verdict: object;
  /** What was wanted of them, in one line. */
  readonly wanted: string;
  readonly tables: readonly Table[];
  /** File name → SVG. */
  readonly plots: ReadonlyMap<string, string>;
}

/** Benches that are run and judged together. */
export interface Suite {
  /** How the command line calls it. */
  readonly name: string;
  readonly title: string;
  readonly parts: readonly string[];
  run(order: Order): Promise<Report>;
}

/** The rows of one part, and a line about the time it took; none where it is not asked for. */
export async function runPart<T>(
  name: string,
  { parts, isQuick }: Order,
  run: (isQuick: boolean) => Promise<T[]>,
): Promise<T[]> {
  if (!parts.includes(name)) {
    return [];
  }
  const startedAt = Date.now();
  const rows = await run(isQuick);
  console.log(`${name}: ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
  return rows;
}

/** Three decimals; null for what is no number. */
export function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null;
}

/** By their names tables and plots know whose rows are whose. */
export function isOurs(name: string): boolean {
  return name.startsWith('Parley');
}
