import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rangeOf } from '../../src/http/byte-range';

const SIZE = 100;

const CASES: [header: string | undefined, expected: string][] = [
  [undefined, 'whole'],
  ['', 'whole'],
  ['bytes=0-9', '0-9'],
  ['bytes=0-0', '0-0'],
  ['bytes=90-', '90-99'],
  ['bytes=0-', '0-99'],
  ['bytes=99-99', '99-99'],
  ['bytes=50-1000', '50-99'],
  ['bytes=-10', '90-99'],
  ['bytes=-1000', '0-99'],
  ['Bytes=1-2', '1-2'],
  ['bytes= 1-2 ', '1-2'],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=100-200', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  [`bytes=${'9'.repeat(400)}-`, 'unsatisfiable'],
  [`bytes=0-${'9'.repeat(400)}`, '0-99'],
  ['bytes=9-0', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=a-b', 'whole'],
  ['bytes=1.5-2', 'whole'],
  ['bytes=--1', 'whole'],
  ['items=0-9', 'whole'],
  ['bytes 0-9', 'whole'],
];

describe('Range', () => {
  CASES.forEach(([header, expected]) => {
    test(`${(header ?? 'none').slice(0, 30)} of ${SIZE} bytes: ${expected}`, () => {
      const range = rangeOf(header, SIZE);
      const actual = range === null ? 'whole' : typeof range === 'string' ? range : `${range.start}-${range.end}`;
      assert.equal(actual, expected);
    });
  });
});
