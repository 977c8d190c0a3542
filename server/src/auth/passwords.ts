import { hash, verify } from '@node-rs/argon2';

export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** 19 MiB and two passes: the least that OWASP's Password Storage Cheat Sheet names for argon2id. */
export const DEFAULT_PASSWORD_COST: PasswordCost = { memoryKiB: 19456, passes: 2 };

/** `Algorithm.Argon2id` of the package: a const enum, which does not exist at run time. */
const ARGON2ID = 2;

/** Passwords are compared in Unicode NFKC: keyboards of two systems may compose the same letters differently. */
export class Passwords {
  private unknownUserHash: Promise<string> | null = null;

  constructor(private readonly cost: PasswordCost = DEFAULT_PASSWORD_COST) {}

  hash(password: string): Promise<string> {
    return hash(password.normalize('NFKC'), {
      algorithm: ARGON2ID,
      memoryCost: this.cost.memoryKiB,
      timeCost: this.cost.passes,
      parallelism: 1,
    });
  }

  /** `known` null (no such user) takes as long as a wrong password, so that time does not tell who signed up. */
  async verify(known: string | null, password: string): Promise<boolean> {
    this.unknownUserHash ??= this.hash('nobody has this password');
    const matches = await verify(known ?? (await this.unknownUserHash), password.normalize('NFKC'));
    return matches && known !== null;
  }

  /** Makes the hash that stands in for unknown users ahead of the first request that needs it. */
  async warmUp(): Promise<void> {
    this.unknownUserHash ??= this.hash('nobody has this password');
    await this.unknownUserHash;
  }
}
