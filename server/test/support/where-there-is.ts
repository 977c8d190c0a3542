import { test } from 'node:test';

/** Defines suites that need a program of the machine. Where it is missing they are one skipped test that says so, which CI counts as failed. */
export function whereThereIs(program: string, isThere: boolean, define: () => void): void {
  if (isThere) {
    define();
  } else {
    test(`needs ${program}`, { skip: `${program} is not installed` }, () => undefined);
  }
}
