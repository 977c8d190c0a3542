import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CommandLine, RecordingTerminal } from '../support/command-line';

const WITH_REDIS = {
  DATABASE_URL: 'postgres://127.0.0.1:1/none',
  TOKEN_SECRET: 'a secret of the length that is asked for',
  REDIS_URL: 'redis://:password@127.0.0.1:1',
};

describe('parley-server notice', () => {
  const refusals: [what: string, args: string[], env: Record<string, string>, code: number, sentence: RegExp][] = [
    [
      'without Redis',
      ['--all', 'Hello'],
      {},
      1,
      /^parley-server: REDIS_URL: expected the Redis of the servers, .* got none/,
    ],
    ['to nobody', ['Hello'], WITH_REDIS, 2, /expected exactly one of --user NAME and --all/],
    ['to all and one', ['--all', '--user', 'ann', 'Hello'], WITH_REDIS, 2, /expected exactly one of/],
    ['without a text', ['--all'], WITH_REDIS, 2, /notice: expected TEXT, got nothing/],
    ['of spaces', ['--all', '  '], WITH_REDIS, 1, /TEXT: expected 1 to 2000 characters, got nothing/],
    ['that is too long', ['--all', 'x'.repeat(2001)], WITH_REDIS, 1, /TEXT: expected 1 to 2000 characters, got 2001/],
    ['with half a letter', ['--all', 'a\ud800'], WITH_REDIS, 1, /TEXT: expected 1 to 2000 characters, got broken/],
    [
      'that Redis does not take',
      ['--all', 'Hello'],
      WITH_REDIS,
      1,
      /REDIS_URL: expected a Redis that takes .* ECONNREFUSED/,
    ],
  ];
  refusals.forEach(([what, args, env, expected, sentence]) => {
    test(`a notice ${what}: exit code ${expected}, and a sentence`, async () => {
      const { code, stdout, stderr } = await new CommandLine(env).runWith(
        ['notice', ...args],
        new RecordingTerminal(env, ''),
      );
      assert.deepEqual([code, stdout], [expected, '']);
      assert.match(stderr, sentence);
      assert.doesNotMatch(stderr, /password/);
    });
  });
});
