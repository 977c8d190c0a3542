import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Settings } from '../../src/settings';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { expectStatus } from '../support/api-client';
import { SlowStore } from '../support/slow-store';
import type { SocketClient } from '../support/socket-client';
import { TestServer } from '../support/test-server';

describe('with a store that takes its time', () => {
  let server: TestServer;
  let store: SlowStore;

  before(async () => {
    const openStore = ({ dataDir }: Settings): SlowStore => (store = new SlowStore(dataDir));
    server = await TestServer.start({ ports: { openStore } });
  });
  after(() => server.stop());

  function seqsOf(client: SocketClient): number[] {
    return client.all(FrameType.RoomEvent).map((frame) => frame.payload.event.seq);
  }

  function fromTo(first: number, last: number): number[] {
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  }

  test('a connection that opens while others send has neither gap nor overlap', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const { roomId } = await ann.api.createRoom('Busy');
    await bo.api.join(roomId);
    const a = await server.open(ann);
    const opened: Promise<SocketClient>[] = [];
    for (let i = 0; i < 50; i++) {
      a.say(roomId, `c_000000${10 + i}`, `m${i}`);
      if (i % 5 === 0) {
        opened.push(server.open(bo));
      }
      await a.fence();
    }
    await a.until(() => a.all(FrameType.MessageAck).length === 50, '50 acks');
    for (const client of await Promise.all(opened)) {
      await client.fence();
      assert.deepEqual(seqsOf(client), fromTo((client.welcome.rooms[0]?.headSeq ?? 0) + 1, 52));
      await client.close();
    }
    await a.close();
  });

  test('what was resumed and what comes next fit together', async () => {
    const ann = await server.person('ann');
    const { roomId, epoch } = await ann.api.createRoom('Resumed while busy');
    const a = await server.open(ann);
    for (let i = 0; i < 30; i++) {
      a.say(roomId, `c_000000${10 + i}`, `m${i}`);
      a.command({ type: FrameType.LogResume, payload: { roomId, epoch, afterSeq: 0 } });
      await a.fence();
    }
    await a.until(() => a.all(FrameType.LogResumed).length === 30, '30 answers');
    let newest = 1;
    a.frames.forEach((frame) => {
      if (frame.type === FrameType.RoomEvent) {
        newest = frame.payload.event.seq;
      } else if (frame.type === FrameType.LogResumed) {
        assert.equal(frame.payload.headSeq, newest);
        assert.deepEqual(
          frame.payload.events.map((event) => event.seq),
          fromTo(1, newest),
        );
      }
    });
    await a.close();
  });

  test('someone who signs out while a connection of the session opens gets no session', async () => {
    const ann = await server.person('ann');
    const { accessToken, refreshToken } = ann.tokens;
    const client = await server.connect();
    const wasRead = new Promise<() => void>((tell) => {
      store.onSessionRead = () => {
        store.onSessionRead = () => Promise.resolve();
        return new Promise((release) => tell(() => release()));
      };
    });
    client.command({ type: FrameType.Hello, payload: { token: accessToken, client: '' } });
    const release = await wasRead;
    expectStatus(await ann.api.call('POST', '/v1/auth/sign-out', JSON.stringify({ refreshToken })), 204);
    release();
    assert.equal(await client.closed(), 4401);
    assert.equal(client.all(FrameType.Welcome).length, 0);
  });

  test('one who leaves before welcome is not counted as present', async () => {
    const [ann, bo] = [await server.person('ann'), await server.person('bo')];
    const { roomId } = await ann.api.createRoom('Hasty');
    await bo.api.join(roomId);
    const hasty = await server.connect();
    hasty.command({ type: FrameType.Hello, payload: { token: bo.tokens.accessToken, client: '' } });
    hasty.socket.terminate();
    await server.untilConnections(0);
    const a = await server.open(ann);
    const member = a.welcome.rooms[0]?.members.find((one) => one.userId === bo.userId);
    assert.equal(member?.status, 'offline');
    await a.close();
  });
});
