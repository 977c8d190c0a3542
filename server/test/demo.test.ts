import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSessionTokens } from '../../common/core/src/main/ets/wire/HttpBodies';
import { SocketClient } from './support/socket-client';
import { makeTempDir } from './support/temp-dir';
import { TestServer } from './support/test-server';

async function signIn(server: TestServer, userName: string): Promise<SocketClient> {
  const reply = await server.api.call(
    'POST',
    '/v1/auth/sign-in',
    JSON.stringify({ userName, password: 'parley-demo' }),
  );
  return SocketClient.open(server.socketUrl, decodeSessionTokens(reply.text).accessToken);
}

test('DEMO=1 makes rooms that look alive once, and keeps what was said since', async () => {
  const dir = makeTempDir();
  const settings = { demo: true, dataDir: dir.path };
  const first = await TestServer.start({ settings });
  const ann = await signIn(first, 'ann');
  const tea = ann.welcome.rooms.find((room) => room.name === 'Tea room');
  assert.deepEqual(
    tea?.members.map((member) => member.userName),
    ['Ann', 'Bo'],
  );
  assert.ok((tea?.members[1]?.lastSeenMs ?? 0) > 0);
  assert.equal(tea?.headSeq, 14);
  assert.equal(ann.welcome.rooms.length, 3);
  await ann.answer(ann.say(tea?.roomId ?? '', 'c_00000001', 'Still here?'));
  await first.stop();

  const second = await TestServer.start({ settings });
  const bo = await signIn(second, 'Bo');
  const again = bo.welcome.rooms.find((room) => room.name === 'Tea room');
  assert.deepEqual([again?.roomId, again?.headSeq, again?.lastMessage?.text], [tea?.roomId, 15, 'Still here?']);
  assert.equal((await signIn(second, '小美')).welcome.userName, '小美');
  await second.stop();
  dir.remove();
});

test('without it nobody has the well-known password', async (t) => {
  const server = await TestServer.start();
  t.after(() => server.stop());
  const reply = await server.api.call('POST', '/v1/auth/sign-in', '{"userName":"Ann","password":"parley-demo"}');
  assert.equal(reply.status, 401);
});
