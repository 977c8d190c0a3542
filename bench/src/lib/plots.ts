import { isOurs } from './suite';
import { barChart } from './svg';
import { figure } from './table';

/** Adds one bar for each row under `file`; nothing where there is no row. */
export type AddBars = <T extends { readonly name: string }>(
  file: string,
  title: string,
  unit: string,
  rows: readonly T[],
  value: (row: T) => number,
) => void;

export function barsInto(plots: Map<string, string>): AddBars {
  return (file, title, unit, rows, value) => {
    if (rows.length > 0) {
      const bars = rows.map((row) => ({
        name: row.name,
        value: value(row),
        label: figure(value(row)),
        isOurs: isOurs(row.name),
      }));
      plots.set(file, barChart(title, unit, bars));
    }
  };
}
