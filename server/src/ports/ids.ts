import { randomBytes } from 'node:crypto';

export type RandomBytes = (count: number) => Uint8Array;

export const systemRandom: RandomBytes = (count) => randomBytes(count);

/** The prefix tells people who read logs what an id names; the program never looks at it. */
export type IdPrefix = 'u' | 'r' | 'e' | 'k' | 's' | 'rt' | 'l' | 'f' | 'p' | 'q' | 'n';

export class IdMaker {
  constructor(private readonly random: RandomBytes) {}

  /** 72 random bits: no two in the life of a server. */
  make(prefix: IdPrefix): string {
    return this.secret(prefix, 9);
  }

  /** From 0 up to and not including 1: to spread what would otherwise fall together. */
  fraction(): number {
    return (this.random(1)[0] ?? 0) / 256;
  }

  /** For what must also be impossible to guess. */
  secret(prefix: IdPrefix, bytes: number): string {
    return `${prefix}_${Buffer.from(this.random(bytes)).toString('base64url')}`;
  }
}
