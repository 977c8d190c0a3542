import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../../src/cli/commands';
import { CommandLine } from '../support/command-line';
import { makeTempDir } from '../support/temp-dir';

const BIN = fileURLToPath(new URL('../../bin/parley-server.mjs', import.meta.url));
const dir = makeTempDir();
after(() => dir.remove());

describe('parley-server', () => {
  const line = new CommandLine({ DATA_DIR: dir.path });

  const wrong: [args: string, sentence: string][] = [
    [
      'frob',
      'expected one of serve, user list, user add, user set-password, user sign-out, user disable, user enable, room list',
    ],
    [
      'user',
      'expected one of user list, user add, user set-password, user sign-out, user disable, user enable; got "user"',
    ],
    ['user ad Ann', 'got "user" "ad"'],
    ['user add', 'user add: expected NAME, got nothing'],
    ['user add Ann secret', 'user add: expected NAME, got "Ann" "secret"'],
    ['user list --jsn', 'expected --help, --json; got the option --jsn'],
    ['user list --json=yes', '--json: expected no value, got one'],
    ['serve now', 'serve: expected nothing more, got "now"'],
    ['--verbose', 'got "--verbose"'],
  ];
  for (const [args, sentence] of wrong) {
    test(`"${args}" is not understood: exit 2 and what was expected`, async () => {
      const { code, stdout, stderr } = await line.run(args, 'unused password');
      assert.deepEqual([code, stdout], [2, '']);
      assert.ok(stderr.startsWith('parley-server: ') && stderr.includes(sentence), stderr);
    });
  }

  test('a wrong setting is told as by the server: exit 1', async () => {
    const { code, stderr } = await new CommandLine({ DATA_DIR: dir.path, PORT: 'many' }).run('user list');
    assert.deepEqual(
      [code, stderr],
      [1, 'parley-server: PORT: expected a whole number from 0 to 65535, got "many".\n'],
    );
  });

  test('--help names every command, and for one its options and notes', async () => {
    const all = await line.run('--help');
    assert.equal(all.code, 0);
    for (const command of COMMANDS) {
      const words = command.words.join(' ');
      assert.ok(all.stdout.includes(words), words);
      const one = await line.run(`${words} --help`);
      assert.equal(one.code, 0);
      assert.ok(one.stdout.startsWith(`usage: parley-server ${words}`));
      assert.ok(one.stdout.includes(command.notes ?? ''));
      Object.keys(command.options).forEach((name) => assert.ok(one.stdout.includes(`--${name}`), name));
    }
  });

  test('the program itself: version, help, exit codes, a password from standard input', () => {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: `${dir.path}/bin` };
    const version = execFileSync(process.execPath, [BIN, '--version'], { env, encoding: 'utf8' });
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
      bin: Record<string, string>;
    };
    assert.equal(version, `${manifest.version}\n`);
    assert.equal(manifest.bin['parley-server'], 'bin/parley-server.mjs');
    const input = 'correct horse battery\nsecond line\n';
    const added = spawnSync(process.execPath, [BIN, 'user', 'add', 'Ann'], { env, input, encoding: 'utf8' });
    assert.deepEqual([added.status, added.stderr], [0, '']);
    assert.match(added.stdout, /^u_[\w-]+\n$/);
    const again = spawnSync(process.execPath, [BIN, 'user', 'add', 'ANN'], { env, input, encoding: 'utf8' });
    assert.deepEqual(
      [again.status, again.stderr],
      [1, 'parley-server: NAME: expected a free name, got one that is taken\n'],
    );
    const none = spawnSync(process.execPath, [BIN, 'user', 'add', 'Bo'], { env, input: '', encoding: 'utf8' });
    assert.deepEqual([none.status, none.stderr], [1, 'parley-server: password: expected 8 to 128 characters, got 0\n']);
    assert.equal(spawnSync(process.execPath, [BIN, 'frob'], { env }).status, 2);
  });
});
