import assert from 'node:assert/strict';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { uploaded } from '../support/file-api';
import type { SocketClient } from '../support/socket-client';
import type { Person, TestServer } from '../support/test-server';

/** What no answer ever holds: traces of code, of its machine and of its store. */
const TRACES = [
  /\bat .*:\d+:\d+/,
  /node_modules/,
  /server\/src/,
  /\/tmp\//,
  /sqlite/i,
  /\bSELECT\b/,
  /argon2/i,
  /ENOENT/,
];

const CLASSIFIED = 'classified: the tea is at four';

/** Two people in a room of their own, whose talk nothing may disturb, and a third in another room, who attacks. */
export class Bystanders {
  private said = 0;

  private constructor(
    private readonly server: TestServer,
    readonly ann: Person,
    readonly bo: Person,
    readonly eve: Person,
    /** Of Ann and Bo. */
    readonly roomId: string,
    readonly epoch: string,
    readonly fileId: string,
    /** Of Eve alone. */
    readonly eveRoomId: string,
    private readonly annSocket: SocketClient,
    private readonly boSocket: SocketClient,
  ) {}

  static async of(server: TestServer): Promise<Bystanders> {
    const [ann, bo, eve] = [await server.person('annika'), await server.person('bojan'), await server.person('eve')];
    const room = await ann.api.createRoom(`Private room of ${ann.userName}`);
    await bo.api.join(room.roomId);
    const file = await uploaded(ann.api, room.roomId, CLASSIFIED, { 'content-type': 'text/plain' });
    const { roomId: eveRoomId } = await eve.api.createRoom(`Room of ${eve.userName}`);
    const sockets = [await server.open(ann), await server.open(bo)] as const;
    return new Bystanders(server, ann, bo, eve, room.roomId, room.epoch, file.fileId, eveRoomId, ...sockets);
  }

  /** The server lives, and a message of Ann's reaches Bo on the connections that they had from the start. */
  async areUndisturbed(): Promise<void> {
    const clientId = `c_bystander_${++this.said}`;
    const text = `${CLASSIFIED} ${this.said}`;
    const id = this.annSocket.say(this.roomId, clientId, text);
    assert.equal((await this.annSocket.answer(id)).type, FrameType.MessageAck);
    const event = await this.boSocket.next(FrameType.RoomEvent);
    assert.equal(event.payload.event.text, text);
    // Who only listens is taken for dead after two heartbeats.
    await this.boSocket.fence();
    assert.equal((await this.server.api.call('GET', '/healthz')).status, 200);
    assert.equal(Object.keys(Object.prototype).length, 0, 'something was added to every object');
  }

  /** Nothing of the server's inside, and nothing of Ann and Bo. */
  leakedNothingInto(answer: string): void {
    TRACES.forEach((trace) => assert.doesNotMatch(answer, trace));
    const { ann, bo } = this;
    const theirs = [CLASSIFIED, ann.userName, bo.userName, this.epoch, this.server.dataDir];
    const secrets = [ann, bo].flatMap(({ tokens }) => [tokens.accessToken, tokens.refreshToken]);
    [...theirs, ...secrets].forEach((secret) => {
      assert.equal(answer.includes(secret), false, `the answer holds ${JSON.stringify(secret)}: ${answer}`);
    });
  }

  async leave(): Promise<void> {
    await Promise.all([this.annSocket.close(), this.boSocket.close()]);
  }
}
