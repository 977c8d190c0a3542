import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { after, describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { ApiClient, PASSWORD } from '../support/api-client';
import { ChildServer } from '../support/child-server';
import { uploaded } from '../support/file-api';
import { clientIdsOf, LogView } from '../support/log-view';
import { SocketClient } from '../support/socket-client';
import { makeTempDir } from '../support/temp-dir';

const running: ChildServer[] = [];
const dir = makeTempDir();

after(async () => {
  running.forEach((server) => server.signal('SIGKILL'));
  await Promise.all(running.map((server) => server.exit()));
  dir.remove();
});

async function start(name: string, env: Record<string, string> = {}): Promise<ChildServer> {
  const server = await ChildServer.start({ DATA_DIR: `${dir.path}/${name}`, ...env });
  running.push(server);
  return server;
}

describe('a server that is killed in the middle of traffic', () => {
  test('has every acknowledged message once when it is back, under its seq', async () => {
    let server = await start('killed');
    const tokens = await Promise.all(['Ann', 'Bo'].map((name) => new ApiClient(server.baseUrl).signUp(name)));
    const apis = tokens.map((one) => new ApiClient(server.baseUrl, one.accessToken));
    const { roomId } = await (apis[0] as ApiClient).createRoom('Stormy');
    await apis[1]?.join(roomId);
    const views = tokens.map((one) => new LogView(() => server.socketUrl, one.accessToken, roomId));
    const sent: string[][] = [[], []];

    for (let round = 0; round < 2; round++) {
      await Promise.all(views.map((view) => view.connect()));
      const killAt = 20 + round * 7;
      for (let i = 0; i <= killAt; i++) {
        const clientId = `c_${round}_${String(i).padStart(6, '0')}`;
        views.forEach((view, user) => {
          sent[user]?.push(clientId);
          view.say(clientId, `text of ${clientId}`);
        });
        // In step, so that both have their acks when the server dies; what was said since then is on its way.
        if (i % 5 === 4) {
          await Promise.all(views.map((view) => view.fence()));
        }
      }
      server.signal('SIGKILL');
      await server.exit();
      views.forEach((view) => view.drop());
      const acked = views.map((view) => new Map(view.acks));
      server = await start('killed');
      const log = await new ApiClient(server.baseUrl, tokens[0]?.accessToken).wholeLog(roomId);
      assert.deepEqual(
        log.map((event) => event.seq),
        log.map((_, index) => index + 1),
      );
      assert.equal(new Set(clientIdsOf(log)).size, clientIdsOf(log).length);
      acked.forEach((acks, user) =>
        acks.forEach((seq, clientId) => {
          assert.deepEqual([log[seq - 1]?.clientId, log[seq - 1]?.userId], [clientId, tokens[user]?.userId]);
        }),
      );
    }

    views.forEach((view) => assert.ok(view.acks.size >= 20, `${view.acks.size} acknowledged before the kills`));
    await Promise.all(views.map((view) => view.connect()));
    for (const [user, view] of views.entries()) {
      for (const clientId of sent[user] ?? []) {
        await view.sayAndWait(clientId, `text of ${clientId}`);
      }
    }
    await Promise.all(views.map((view) => view.fence()));
    const log = await new ApiClient(server.baseUrl, tokens[0]?.accessToken).wholeLog(roomId);
    const expected = tokens.flatMap((one, user) => (sent[user] ?? []).map((id) => `${one.userId} ${id}`));
    assert.deepEqual(clientIdsOf(log).sort(), expected.sort());
    views.forEach((view) => assert.deepEqual(view.complaints, []));
    views.forEach((view) => assert.deepEqual(view.events, log));
    views.forEach((view) => view.drop());
  });
});

describe('a server that is killed in the middle of uploads', () => {
  test('has every file that it answered for, whole, and nothing else', async () => {
    let server = await start('uploading');
    const tokens = await new ApiClient(server.baseUrl).signUp('Ann');
    const { roomId } = await new ApiClient(server.baseUrl, tokens.accessToken).createRoom('Uploads');
    const answered = new Map<string, string>();
    const textOf = (index: number): string => `file ${index} `.repeat(20_000);
    let enough = (): void => undefined;
    const some = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const api = new ApiClient(server.baseUrl, tokens.accessToken);
    const uploads = Array.from({ length: 24 }, async (_, index) => {
      const key = `upload_${String(index).padStart(3, '0')}`;
      const { fileId } = await uploaded(api, roomId, textOf(index), { 'idempotency-key': key });
      answered.set(fileId, textOf(index));
      if (answered.size === 4) {
        enough();
      }
    });
    const all = Promise.allSettled(uploads);
    await some;
    server.signal('SIGKILL');
    await server.exit();
    await all;
    server = await start('uploading');
    const next = new ApiClient(server.baseUrl, tokens.accessToken);
    for (const [fileId, text] of answered) {
      assert.equal((await next.call('GET', `/v1/files/${fileId}`)).text === text, true, fileId);
    }
    const folder = `${dir.path}/uploading`;
    assert.deepEqual(readdirSync(`${folder}/incoming-files`), []);
    for (const fileId of readdirSync(`${folder}/files`)) {
      assert.equal((await next.call('GET', `/v1/files/${fileId}`)).status, 200, fileId);
    }
    // Under its key each upload goes on where it was: the files that were answered for are the ones that come back.
    for (let index = 0; index < uploads.length; index++) {
      const key = `upload_${String(index).padStart(3, '0')}`;
      const { fileId } = await uploaded(next, roomId, textOf(index), { 'idempotency-key': key });
      answered.set(fileId, textOf(index));
    }
    assert.equal(answered.size, uploads.length);
    assert.equal(readdirSync(`${folder}/files`).length, uploads.length);
  });
});

describe('a server that is asked to end', () => {
  async function signedIn(server: ChildServer): Promise<{ client: SocketClient; api: ApiClient; roomId: string }> {
    const tokens = await new ApiClient(server.baseUrl).signUp('Ann');
    const api = new ApiClient(server.baseUrl, tokens.accessToken);
    const { roomId } = await api.createRoom('Ending');
    return { client: await SocketClient.open(server.socketUrl, tokens.accessToken), api, roomId };
  }

  test('answers what it accepted, says bye, closes with 1012 and exits with 0, and logged nothing private', async () => {
    const server = await start('ending', { LOG_LEVEL: 'trace' });
    const { client, api, roomId } = await signedIn(server);
    client.socket.send('{"type":"message.send","id":90,"payload":{"text":"Last words"}}');
    const wrong = await api.call('POST', '/v1/auth/sign-in', '{"userName":"Ann","password":"a wrong secret"}');
    assert.equal(wrong.status, 401);
    for (let i = 0; i < 40; i++) {
      client.say(roomId, `c_000000${10 + i}`, 'Last words');
    }
    await client.next(FrameType.MessageAck);
    server.signal('SIGTERM');
    assert.equal(await client.closed(), 1012);
    assert.equal(await server.exit(), 0);
    assert.equal(client.frames.at(-1)?.type, FrameType.Bye);
    assert.equal(client.all(FrameType.Bye)[0]?.payload.retryAfterMs, 1000);
    const acks = client.all(FrameType.MessageAck).length;
    const refusals = client
      .all(FrameType.Error)
      .slice(1)
      .map((frame) => frame.payload.code);
    assert.ok(
      refusals.every((code) => code === 'unavailable'),
      refusals.join(),
    );
    for (const word of ['Ann', 'secret', 'Last', 'Ending', PASSWORD, api.token, 'eyJ', 'rt_']) {
      assert.equal(server.stdout.includes(word), false, `"${word}" is in the log`);
    }
    assert.equal(server.stderr, '');

    const again = await start('ending');
    const { accessToken } = await new ApiClient(again.baseUrl)
      .call('POST', '/v1/auth/sign-in', JSON.stringify({ userName: 'Ann', password: PASSWORD }))
      .then((reply) => JSON.parse(reply.text) as { accessToken: string });
    const log = await new ApiClient(again.baseUrl, accessToken).wholeLog(roomId);
    assert.equal(log.length, 1 + acks);
  });

  test('ends though a client keeps its end of a refused upgrade open', async () => {
    const server = await start('half-open');
    const { hostname, port } = new URL(server.baseUrl);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.write('GET /nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(socket, 'data');
    server.signal('SIGTERM');
    assert.equal(await server.exit(), 0);
    socket.destroy();
  });

  test('keeps its port for itself, and ends at once at the second signal though a client does not let go', async () => {
    const server = await start('twice');
    const { client } = await signedIn(server);
    const second = ChildServer.spawn({ DATA_DIR: `${dir.path}/port`, PORT: new URL(server.baseUrl).port });
    assert.equal(await second.exit(), 1);
    assert.match(second.stderr, /^PORT: expected a free port, got one that another program uses .*\n$/);

    client.socket.pause();
    server.signal('SIGINT');
    await server.logged('shutting down');
    server.signal('SIGINT');
    assert.equal(await server.exit(), 1);
    client.socket.terminate();
  });
});

describe('a server that cannot start', () => {
  test('leaves a folder alone that another server uses', async () => {
    const first = await start('shared');
    const second = ChildServer.spawn({ DATA_DIR: `${dir.path}/shared` });
    assert.equal(await second.exit(), 1);
    assert.match(second.stderr, /^DATA_DIR: expected a folder that no other server uses, got .*\n$/);
    first.signal('SIGKILL');
    await first.exit();
    await start('shared');
  });

  test('says in one sentence which setting is wrong', async () => {
    const server = ChildServer.spawn({ DATA_DIR: `${dir.path}/wrong`, PORT: 'many' });
    assert.equal(await server.exit(), 1);
    assert.equal(server.stderr, 'PORT: expected a whole number from 0 to 65535, got "many".\n');
  });
});
