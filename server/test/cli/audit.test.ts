import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { AuditName } from '../../src/audit/audit';
import { PASSWORD } from '../support/api-client';
import { CommandLine } from '../support/command-line';
import { makeTempDir } from '../support/temp-dir';
import { TestServer } from '../support/test-server';

interface Line {
  readonly event: AuditName;
  readonly outcome: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly roomId: string;
  readonly address: string;
  readonly detail: string;
}

describe('what a command does is in the audit log', () => {
  const dir = makeTempDir();
  const path = join(dir.path, 'audit.jsonl');
  let server: TestServer;
  let line: CommandLine;

  before(async () => {
    server = await TestServer.start();
    line = new CommandLine({ ...server.environment, AUDIT_LOG: path });
  });
  after(async () => {
    await server.stop();
    dir.remove();
  });

  /** The lines that it added. */
  async function told(args: string, secret = '', code = 0): Promise<Line[]> {
    writeFileSync(path, '');
    assert.equal((await line.run(args, secret)).code, code);
    const text = readFileSync(path, 'utf8');
    [PASSWORD, 'Ann', 'Secret garden'].forEach((word) => assert.ok(!text.includes(word), word));
    return text
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => JSON.parse(one) as Line);
  }

  function events(lines: readonly Line[]): string[] {
    lines.forEach((one) => assert.deepEqual([one.outcome, one.address, one.detail], ['done', '', 'command']));
    return lines.map(({ event, userId, sessionId, roomId }) => [event, userId, sessionId, roomId].join(' ').trim());
  }

  test('users: made, another password, signed out, disabled and enabled, with the sessions that ended', async () => {
    const [made] = await told('user add Zed', PASSWORD);
    assert.equal(made?.event, 'sign-up');
    const ann = await server.person('Ann');
    const sessionOf = async (): Promise<string> => {
      const reply = await (await server.signedIn(ann)).api.call('GET', '/v1/auth/sessions');
      const { sessions } = JSON.parse(reply.text) as { sessions: { sessionId: string; isCurrent: boolean }[] };
      return sessions.find(({ isCurrent }) => isCurrent)?.sessionId ?? '';
    };
    assert.equal((await line.run(`user sign-out ${ann.userName}`)).code, 0);
    for (const [command, event] of [
      ['set-password', 'password-change'],
      ['sign-out', ''],
      ['disable', 'user-disabled'],
    ] as const) {
      const sessionId = await sessionOf();
      const lines = events(await told(`user ${command} ${ann.userName}`, PASSWORD));
      const own = event === '' ? [] : [`${event} ${ann.userId}`];
      assert.deepEqual(lines, [...own, `session-ended ${ann.userId} ${sessionId}`], command);
    }
    assert.deepEqual(events(await told(`user enable ${ann.userName}`)), [`user-enabled ${ann.userId}`]);
    assert.deepEqual(await told('user sign-out Nobody', '', 1), []);
  });

  test('rooms: exported and imported, done and not where it was refused', async () => {
    const ann = await server.person('Ann');
    const { roomId } = await ann.api.createRoom('Secret garden');
    const file = join(dir.path, 'room.jsonl');
    assert.deepEqual(events(await told(`export ${roomId} --out ${file}`)), [`export   ${roomId}`]);
    assert.deepEqual(await told('export r_nowhere', '', 1), []);
    const fresh = new CommandLine({ DATA_DIR: join(dir.path, 'fresh'), AUDIT_LOG: path });
    writeFileSync(path, '');
    assert.equal((await fresh.run(`import ${file}`)).code, 0);
    const once = readFileSync(path, 'utf8');
    assert.match(once, new RegExp(`"event":"import","outcome":"done".*"roomId":"${roomId}"`));
    assert.equal((await fresh.run(`import ${file}`)).code, 1);
    assert.equal(readFileSync(path, 'utf8'), once);
  });

  test('a log that cannot be one stops a command before it does anything', async () => {
    const ann = await server.person('Ann');
    const wrong = new CommandLine({ ...server.environment, AUDIT_LOG: join(path, 'below', 'a', 'file') });
    const { code, stderr } = await wrong.run(`user disable ${ann.userName}`);
    assert.equal(code, 1);
    assert.match(stderr, /^parley-server: AUDIT_LOG: expected a file that can be written/);
    assert.equal((await ann.api.call('GET', '/v1/rooms')).status, 200);
  });
});
