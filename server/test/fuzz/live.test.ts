import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FrameType } from '../../../common/core/src/main/ets/wire/Frames';
import { decodeClientFrames } from '../../../common/core/src/main/ets/wire/ClientFrames';
import { encodeMessagePack } from '../../../common/core/src/main/ets/wire/MessagePack';
import type { WireValue } from '../../../common/core/src/main/ets/wire/WireValue';
import { Dice, mutateBytes, mutateValue } from '../support/mutations';
import { EXAMPLES } from '../support/protocol-page';
import { SocketClient } from '../support/socket-client';
import { type Person, TestServer } from '../support/test-server';

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
/** Of each encoding. */
const COUNT = 5000;
const PER_CONNECTION = 250;

const VALUES = EXAMPLES.filter(({ kind }) => /^(client|server)/.test(kind)).map(
  ({ text }) => JSON.parse(text) as WireValue,
);

/** Valid UTF-8 all of it: what is not is closed with 1007, which the carriers' contract covers. */
function nextMessage(dice: Dice, isBinary: boolean): string | Uint8Array {
  const value = dice.pick(VALUES);
  if (isBinary) {
    return dice.below(2) === 0
      ? encodeMessagePack(mutateValue(dice, value) as WireValue)
      : mutateBytes(dice, encodeMessagePack(value));
  }
  return dice.below(2) === 0
    ? (JSON.stringify(mutateValue(dice, value)) ?? '')
    : Buffer.from(mutateBytes(dice, Buffer.from(JSON.stringify(value)))).toString('latin1');
}

describe(`${2 * COUNT} malformed messages to a living server, FUZZ_SEED=${SEED}`, () => {
  let server: TestServer;
  let ann: Person;

  before(async () => {
    const limits = { badFramesPerMinute: 1_000_000, commandsPerSecond: 1_000_000, commandBurst: 1_000_000 };
    server = await TestServer.start({ ports: { limits } });
    ann = await server.person('ann');
  });
  after(() => server.stop());

  [false, true].forEach((isBinary) => {
    test(`each wrong frame of ${isBinary ? 'MessagePack' : 'JSON'} gets its one error, and the session lives on`, async (t) => {
      t.diagnostic(`FUZZ_SEED=${SEED}`);
      const dice = new Dice(SEED);
      for (let sent = 0; sent < COUNT; sent += PER_CONNECTION) {
        const client = await SocketClient.connect(server.socketUrl, [isBinary ? 'parley.v1.msgpack' : 'parley.v1']);
        client.hello(ann.tokens.accessToken);
        await client.next(FrameType.Welcome);
        const expected: string[] = [];
        for (let i = 0; i < PER_CONNECTION; i++) {
          const message = nextMessage(dice, isBinary);
          client.sendRaw(message);
          decodeClientFrames(message).forEach(({ id, error }) => {
            if (error !== null) {
              expected.push(`${id} ${error.code} ${error.field}`);
            }
          });
        }
        await client.answer(client.command({ type: FrameType.Ping, payload: { sentAtMs: 987_654 } }));
        await client.until(
          () => client.all(FrameType.Pong).some((frame) => frame.payload.sentAtMs === 987_654),
          'the last pong',
        );
        // Good frames are among the mutants: what the server says to those is no complaint about their form.
        const inputErrors = ['bad_frame', 'bad_field', 'unknown_type', 'too_large'];
        const errors = client
          .all(FrameType.Error)
          .filter(({ payload }) => inputErrors.includes(payload.code))
          .map(({ re, payload }) => `${re} ${payload.code} ${payload.field}`);
        assert.deepEqual(errors, expected, `FUZZ_SEED=${SEED}`);
        assert.equal(client.isClosed, false);
        await client.close();
      }
      await server.untilConnections(0);
    });
  });
});

describe(`noise under the real limits, FUZZ_SEED=${SEED}`, () => {
  test('ends each connection with 4429 at the 20th bad frame, and never the server', async () => {
    const server = await TestServer.start();
    try {
      const ann = await server.person('ann');
      const dice = new Dice(SEED);
      for (let connections = 0; connections < 10; connections++) {
        const client = await server.open(ann);
        for (let i = 0; i < 20; i++) {
          client.sendRaw(`noise ${Buffer.from(dice.bytes(dice.below(40))).toString('latin1')}`);
        }
        assert.equal(await client.closed(), 4429, `FUZZ_SEED=${SEED}`);
        assert.equal(client.all(FrameType.Error).length, 20, `FUZZ_SEED=${SEED}`);
      }
      const again = await server.open(ann);
      await again.fence();
      await again.close();
    } finally {
      await server.stop();
    }
  });
});
