import { encodeMessagePack } from '../../common/core/src/main/ets/wire/MessagePack';
import type { WireValue } from '../../common/core/src/main/ets/wire/WireValue';
import { type Dice, mutateBytes, mutateValue } from '../../server/test/support/mutations';

const MAX_RE = 40;
const MAX_NOISE_BYTES = 64;
/** More than a batch may hold. */
const MAX_BATCH = 70;

export type Message = string | Uint8Array;

/** What a client may be told in the worst moments of its server, its proxies and its enemies. */
export class LiveFrames {
  /** What was really said on some line, to be said again. */
  private readonly heard: Message[] = [];

  /** `examples`: one valid frame of each kind. */
  constructor(
    private readonly dice: Dice,
    private readonly examples: readonly WireValue[],
  ) {}

  noteHeard(message: Message): void {
    this.heard.push(message);
  }

  next(): Message {
    const { dice } = this;
    switch (dice.below(9)) {
      case 0:
        return JSON.stringify(mutateValue(dice, this.frame())) ?? '';
      case 1:
        return encodeMessagePack(mutateValue(dice, this.frame()) as WireValue);
      case 2:
        return Buffer.from(mutateBytes(dice, Buffer.from(JSON.stringify(this.frame())))).toString('latin1');
      case 3:
        return mutateBytes(dice, encodeMessagePack(this.frame()));
      case 4:
        return dice.bytes(dice.below(MAX_NOISE_BYTES));
      case 5:
        return Buffer.from(dice.bytes(dice.below(MAX_NOISE_BYTES))).toString('latin1');
      case 6:
        return this.batch();
      case 7:
        return this.heard.length === 0 ? '' : dice.pick(this.heard);
      default:
        // Nothing is wrong with it but the moment.
        return this.written(this.frame());
    }
  }

  /** A valid frame out of order: an answer to some request or to none, a second welcome, a bye, an error. */
  private frame(): WireValue {
    const { dice } = this;
    const value = JSON.parse(JSON.stringify(dice.pick(this.examples))) as { re?: number };
    if (dice.below(2) === 0) {
      value.re = dice.below(MAX_RE);
    }
    return value as unknown as WireValue;
  }

  private batch(): Message {
    const { dice } = this;
    const size = dice.below(8) === 0 ? dice.below(MAX_BATCH) : dice.below(4);
    const frames = Array.from({ length: size }, () => {
      const frame = this.frame();
      return dice.below(4) === 0 ? (mutateValue(dice, frame) as WireValue) : frame;
    });
    return this.written(frames as unknown as WireValue);
  }

  private written(value: WireValue): Message {
    return this.dice.below(3) === 0 ? encodeMessagePack(value) : (JSON.stringify(value) ?? '');
  }
}
