import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { TestServer } from '../support/test-server';

test('a reader that stops reading is closed with 4413, the others go on, and it resumes later', async (t) => {
  const server = await TestServer.start({
    // The paused reader is silent for as long as the flood takes: that must not be what closes it.
    settings: { heartbeatMs: 600_000 },
    ports: { limits: { messagesPerSecond: 1_000_000, messageBurst: 1_000_000 } },
  });
  t.after(() => server.stop());
  const [ann, bo] = [await server.person('ann'), await server.person('bo')];
  const { roomId, epoch } = await ann.api.createRoom('Flood');
  await bo.api.join(roomId);
  const [a, slow] = [await server.open(ann), await server.open(bo)];
  slow.socket.pause();

  // The system's own buffers take some megabytes before anything waits in the server.
  const text = '茶'.repeat(4000);
  let sent = 0;
  while (server.server.connectionCount() === 2 && sent < 2000) {
    await a.answer(a.say(roomId, `c_${String(sent++).padStart(8, '0')}`, text));
  }
  assert.equal(server.server.connectionCount(), 1, `still open after ${sent} messages`);
  slow.socket.resume();
  assert.equal(await slow.closed(), 4413);
  const seqs = slow.all(FrameType.RoomEvent).map((frame) => frame.payload.event.seq);
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => 3 + index),
  );
  assert.ok(seqs.length < sent, `${seqs.length} of ${sent} arrived`);

  await a.fence();
  assert.equal(a.all(FrameType.RoomEvent).at(-1)?.payload.event.seq, sent + 2);
  const again = await server.open(bo);
  const afterSeq = sent - 20;
  const payload = { roomId, epoch, afterSeq };
  const resumed = await again.answer(again.command({ type: FrameType.LogResume, payload }));
  assert.equal(resumed.type, FrameType.LogResumed);
  assert.deepEqual([resumed.payload.recovered, resumed.payload.events.length], [true, 22]);
});
