import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FrameType, type RoomEvent, type RoomFile } from '../../../common/core/src/main/ets/wire/Frames';
import { expectStatus } from '../support/api-client';
import { uploaded } from '../support/file-api';
import { png } from '../support/images';
import type { SocketClient } from '../support/socket-client';
import { type Person, TestServer } from '../support/test-server';

let server: TestServer;
let ann: Person;
let bo: Person;
let a: SocketClient;
let b: SocketClient;
let rooms = 0;
let said = 0;

before(async () => {
  server = await TestServer.start({ ports: { limits: { uploadBurst: 1000, messageBurst: 1000 } } });
  ann = await server.person('ann');
  bo = await server.person('bo');
  a = await server.open(ann);
  b = await server.open(bo);
});
after(async () => {
  await a.close();
  await b.close();
  await server.stop();
});

/** A room of Ann and Bo. */
async function shared(): Promise<string> {
  const { roomId } = await ann.api.createRoom(`Shared ${++rooms}`);
  await bo.api.join(roomId);
  return roomId;
}

function newId(): string {
  return `c_${String(++said).padStart(8, '0')}`;
}

/** `ack seq`, or the code of the refusal and its field. */
async function answer(client: SocketClient, roomId: string, clientId: string, text: string, file: string) {
  const frame = await client.answer(client.say(roomId, clientId, text, file));
  if (frame.type === FrameType.Error) {
    return `${frame.payload.code} ${frame.payload.field}`.trim();
  }
  return frame.type === FrameType.MessageAck ? `ack ${frame.payload.seq}` : frame.type;
}

async function messages(person: Person, roomId: string): Promise<RoomEvent[]> {
  return (await person.api.wholeLog(roomId)).filter((event) => event.kind === 'message');
}

describe('a message with a file', () => {
  test('reaches every member with the file’s facts: live, in the history, on resuming and in welcome', async () => {
    const roomId = await shared();
    const file = await uploaded(ann.api, roomId, png(3, 4), { 'x-file-name': 'tea.png' });
    const facts: RoomFile = { ...file, name: 'tea.png', contentType: 'image/png', widthPx: 3, heightPx: 4 };
    assert.equal(await answer(a, roomId, newId(), '', file.fileId), 'ack 3');
    await b.fence();
    const live = b.all(FrameType.RoomEvent).filter(({ payload }) => payload.event.roomId === roomId);
    assert.deepEqual(
      live.map(({ payload }) => [payload.event.text, payload.event.file]),
      [['', facts]],
    );
    assert.deepEqual((await messages(bo, roomId))[0]?.file, facts);
    const tablet = await server.open(bo);
    const state = tablet.all(FrameType.Welcome)[0]?.payload.rooms.find((room) => room.roomId === roomId);
    assert.deepEqual(state?.lastMessage?.file, facts);
    const payload = { roomId, epoch: state?.epoch ?? '', afterSeq: 2 };
    const resumed = await tablet.answer(tablet.command({ type: FrameType.LogResume, payload }));
    assert.deepEqual(resumed.type === FrameType.LogResumed && resumed.payload.events[0]?.file, facts);
    await tablet.close();
    expectStatus(await bo.api.call('GET', `/v1/files/${file.fileId}`), 200);
  });

  test('may have words, and may name a file that an earlier message has', async () => {
    const roomId = await shared();
    const { fileId } = await uploaded(ann.api, roomId, 'tea');
    assert.equal(await answer(a, roomId, newId(), 'look', fileId), 'ack 3');
    assert.equal(await answer(a, roomId, newId(), 'again', fileId), 'ack 4');
    assert.deepEqual(
      (await messages(ann, roomId)).map((event) => `${event.text} ${event.file?.fileId}`),
      [`look ${fileId}`, `again ${fileId}`],
    );
  });

  test('is the same message when it is sent again, and another one with another file or none', async () => {
    const roomId = await shared();
    const [one, two] = [await uploaded(ann.api, roomId, 'one'), await uploaded(ann.api, roomId, 'two')];
    const clientId = newId();
    assert.equal(await answer(a, roomId, clientId, 'look', one.fileId), 'ack 3');
    assert.equal(await answer(a, roomId, clientId, 'look', one.fileId), 'ack 3');
    assert.equal(await answer(a, roomId, clientId, 'look', two.fileId), 'id_reused');
    assert.equal(await answer(a, roomId, clientId, 'look', ''), 'id_reused');
    assert.equal((await messages(ann, roomId)).length, 1);
  });

  test('is refused for a file that the sender did not bring into this room, whoever did', async () => {
    const [roomId, other] = [await shared(), await shared()];
    const ofBo = await uploaded(bo.api, roomId, 'of bo');
    const elsewhere = await uploaded(ann.api, other, 'elsewhere');
    for (const fileId of ['f_nothing', ofBo.fileId, elsewhere.fileId]) {
      assert.equal(await answer(a, roomId, newId(), 'look', fileId), 'not_found payload.fileId');
    }
    assert.deepEqual(await messages(ann, roomId), []);
  });

  test('is refused where the sender has left, and its file is nobody else’s to send', async () => {
    const roomId = await shared();
    const { fileId } = await uploaded(bo.api, roomId, 'of bo');
    await bo.api.leave(roomId);
    assert.equal(await answer(b, roomId, newId(), '', fileId), 'not_member');
    assert.equal(await answer(a, roomId, newId(), '', fileId), 'not_found payload.fileId');
    await bo.api.join(roomId);
    assert.match(await answer(b, roomId, newId(), '', fileId), /^ack /);
  });

  test('stays readable for those who stay when its sender leaves', async () => {
    const roomId = await shared();
    const { fileId } = await uploaded(bo.api, roomId, 'of bo');
    await answer(b, roomId, newId(), '', fileId);
    await bo.api.leave(roomId);
    assert.equal(expectStatus(await ann.api.call('GET', `/v1/files/${fileId}`), 200).text, 'of bo');
    assert.equal((await bo.api.call('GET', `/v1/files/${fileId}`)).status, 404);
  });

  const WRONG: [what: string, payload: Record<string, unknown>, refusal: string][] = [
    ['no text and no file', { text: '' }, 'bad_field payload.text'],
    ['no text and an empty file', { text: '', fileId: '' }, 'bad_field payload.text'],
    ['white space beside a file', { text: ' ', fileId: 'f_1' }, 'bad_field payload.text'],
    ['a file that is a path', { text: 'x', fileId: '../parley.db' }, 'bad_field payload.fileId'],
    ['a file that is a number', { text: 'x', fileId: 7 }, 'bad_field payload.fileId'],
    ['a file that is null', { text: 'x', fileId: null }, 'bad_field payload.fileId'],
  ];
  WRONG.forEach(([what, content, refusal], index) => {
    test(`with ${what} is refused as ${refusal}`, async () => {
      const id = 900_000 + index;
      const payload = { roomId: 'r_1', clientId: newId(), ...content };
      a.socket.send(JSON.stringify({ type: 'message.send', id, payload }));
      const frame = await a.answer(id);
      assert.equal(
        frame.type === FrameType.Error ? `${frame.payload.code} ${frame.payload.field}` : frame.type,
        refusal,
      );
    });
  });
});
