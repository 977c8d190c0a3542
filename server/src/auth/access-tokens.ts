import { createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { Clock } from '../ports/clock';
import { Refusal } from '../refusal';

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAtMs: number;
}

export interface SignedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

const ALGORITHM = 'HS256';
const ISSUER = 'parley';
/** A secret that another service shares makes no tokens for this one. */
const AUDIENCE = 'parley.v1';

export function tokenInvalid(): Refusal {
  return new Refusal(ErrorCode.TokenInvalid, 'This is not a valid token of this server.');
}

export function tokenExpired(): Refusal {
  return new Refusal(ErrorCode.TokenExpired, 'The token has expired.');
}

/** JSON Web Tokens (RFC 7519), signed with HMAC. They name the session, so that signing out ends them. */
export class AccessTokens {
  private readonly key: KeyObject;

  constructor(
    secret: string,
    private readonly ttlMs: number,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(Buffer.from(secret, 'utf8'));
  }

  async sign(userId: string, sessionId: string): Promise<SignedToken> {
    const nowS = Math.floor(this.clock.nowMs() / 1000);
    const expiresAtS = nowS + Math.ceil(this.ttlMs / 1000);
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(userId)
      .setIssuedAt(nowS)
      .setExpirationTime(expiresAtS)
      .sign(this.key);
    return { token, expiresAtMs: expiresAtS * 1000 };
  }

  /** Throws `Refusal` with `token_invalid` or `token_expired`. */
  async verify(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'sid', 'exp'],
        currentDate: new Date(this.clock.nowMs()),
      });
      const { sub, sid, exp } = payload;
      if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') {
        throw tokenInvalid();
      }
      return { userId: sub, sessionId: sid, expiresAtMs: exp * 1000 };
    } catch (error) {
      throw error instanceof errors.JWTExpired ? tokenExpired() : tokenInvalid();
    }
  }
}
