import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsOf, usageOf } from '../src/lib/options';

const SUITES = [
  { name: 'realtime', parts: ['client', 'queue'] },
  { name: 'http', parts: ['cpu', 'critical', 'flat'] },
];

function read(line: string) {
  const options = optionsOf(line.split(' '), SUITES);
  return options === null ? null : { suite: options.suite.name, ...options.order };
}

test('each suite runs all of its own parts, in full, where nothing else is said', () => {
  assert.deepEqual(read('realtime'), { suite: 'realtime', isQuick: false, parts: ['client', 'queue'] });
  assert.deepEqual(read('http'), { suite: 'http', isQuick: false, parts: ['cpu', 'critical', 'flat'] });
});

test('a run can be quick, and of some parts, in either order', () => {
  const expected = { suite: 'http', isQuick: true, parts: ['cpu', 'flat'] };
  assert.deepEqual(read('http --quick --only flat,cpu'), expected);
  assert.deepEqual(read('http --only cpu,flat --quick'), expected);
});

test('arguments that nobody can follow give no run', () => {
  for (const line of [
    '',
    '--quick',
    'htp',
    'http quick',
    'http --only',
    'http --only client',
    'http --only cpu,cup',
    'http --fast',
  ]) {
    assert.equal(read(line), null, line);
  }
});

test('the usage names every suite with its parts', () => {
  assert.equal(
    usageOf(SUITES),
    [
      'usage: npm run bench -- realtime [--quick] [--only client,queue]',
      '       npm run bench -- http [--quick] [--only cpu,critical,flat]',
    ].join('\n'),
  );
});
