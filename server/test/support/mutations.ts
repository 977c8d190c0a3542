/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) {
      throw new Error('expected something to pick from, got nothing');
    }
    return item;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at++) {
      bytes[at] = this.below(256);
    }
    return bytes;
  }
}

/** Values at which readers of numbers, texts and structures go wrong. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  -(2 ** 53),
  1e308,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '🍵',
  'x'.repeat(5000),
  '__proto__',
  [],
  [[]],
  {},
  { length: 1 },
  [{}, null, 7],
];

const ODD_KEYS = ['__proto__', 'constructor', 'toString', 'type', 'id', 're', 'payload', 'size', ''];

type Holder = Record<string, unknown>;

/** Every object and array in `value`, itself included. */
function holdersIn(value: unknown): Holder[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const holders = [value as Holder];
  Object.values(value).forEach((inner) => holders.push(...holdersIn(inner)));
  return holders;
}

/** Changes one place of a value that JSON could have said. */
export function mutateValue(dice: Dice, original: unknown): unknown {
  const value = JSON.parse(JSON.stringify(original)) as unknown;
  const holders = holdersIn(value);
  if (holders.length === 0 || dice.below(12) === 0) {
    return dice.pick([...ODD_VALUES, [value], [value, value], Array.from({ length: 65 }, () => value)]);
  }
  const holder = dice.pick(holders);
  const keys = Object.keys(holder);
  const key = keys.length === 0 ? 'x' : dice.pick(keys);
  switch (dice.below(4)) {
    case 0:
      delete holder[key];
      break;
    case 1:
      Object.defineProperty(holder, dice.pick(ODD_KEYS), {
        value: dice.pick(ODD_VALUES),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    default:
      holder[key] = dice.pick(ODD_VALUES);
  }
  return value;
}

/** Breaks bytes as lines, proxies and enemies break them. */
export function mutateBytes(dice: Dice, original: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(original);
  switch (dice.below(5)) {
    case 0:
      return bytes.slice(0, dice.below(bytes.length + 1));
    case 1:
      return Buffer.concat([bytes, dice.bytes(1 + dice.below(8))]);
    case 2: {
      const at = dice.below(bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, at), dice.bytes(1 + dice.below(4)), bytes.subarray(at)]);
    }
    case 3: {
      const at = dice.below(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + dice.below(8))]);
    }
    default:
      for (let changes = 1 + dice.below(4); changes > 0 && bytes.length > 0; changes--) {
        bytes[dice.below(bytes.length)] = dice.below(256);
      }
      return bytes;
  }
}
