import { createHash } from 'node:crypto';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { Credentials, SessionTokens } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { MAX_LISTED_SESSIONS } from '../../../common/core/src/main/ets/wire/Limits';
import type { Clock } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import { nameTaken, Refusal } from '../refusal';
import type { SessionListing, SessionOwner, Store } from '../store/store';
import { type AccessTokens, tokenExpired, tokenInvalid } from './access-tokens';
import { nameKey } from './names';
import type { Passwords } from './passwords';

/** Who sent a request or opened a connection. */
export interface Identity {
  readonly userId: string;
  readonly userName: string;
  readonly sessionId: string;
  readonly accessExpiresAtMs: number;
}

/** Either the next tokens, or the session that ended because its token was shown twice. */
export type Refreshed =
  { readonly tokens: SessionTokens; readonly ended: null } | { readonly tokens: null; readonly ended: SessionOwner };

export interface AuthParts {
  readonly store: Store;
  readonly tokens: AccessTokens;
  readonly passwords: Passwords;
  readonly ids: IdMaker;
  readonly clock: Clock;
  readonly refreshTtlMs: number;
}

const REFRESH_TOKEN_BYTES = 32;
/** For so long a refresh token may be shown again whose answer got lost. Longer than any client waits for an answer. */
const REFRESH_LEEWAY_MS = 30_000;

/** A refresh token has 256 random bits: a plain hash of it cannot be searched backwards. */
function hashOfRefreshToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('base64url');
}

export class AuthService {
  constructor(private readonly parts: AuthParts) {}

  /** `device`: what the client calls itself, for its user to tell sign-ins apart. */
  async signUp(credentials: Credentials, device = ''): Promise<SessionTokens> {
    const { store, passwords, ids, clock } = this.parts;
    const key = nameKey(credentials.userName);
    if ((await store.findUserByNameKey(key)) !== null) {
      throw nameTaken('userName');
    }
    const userId = ids.make('u');
    const isNew = await store.createUser({
      userId,
      userName: credentials.userName,
      nameKey: key,
      passwordHash: await passwords.hash(credentials.password),
      createdAtMs: clock.nowMs(),
    });
    if (!isNew) {
      throw nameTaken('userName');
    }
    return this.startSession(userId, credentials.userName, device);
  }

  async signIn(credentials: Credentials, device = ''): Promise<SessionTokens> {
    const user = await this.parts.store.findUserByNameKey(nameKey(credentials.userName));
    const isRight = await this.parts.passwords.verify(user?.passwordHash ?? null, credentials.password);
    if (user === null || !isRight) {
      throw new Refusal(ErrorCode.BadCredentials, 'The name or the password is wrong.');
    }
    // Only who knows the password learns of it.
    if (user.isDisabled) {
      throw new Refusal(ErrorCode.UserDisabled, 'The operator of the server has disabled this user.');
    }
    return this.startSession(user.userId, user.userName, device);
  }

  /**
   * Throws `Refusal` with `token_invalid` or `token_expired`. A token that was used up before has ended its session, since
   * somebody has a copy: then there are no tokens, and the caller ends the session's connections.
   */
  async refresh(refreshToken: string): Promise<Refreshed> {
    const { store, clock } = this.parts;
    const next = this.newRefreshToken();
    const { hash, expiresAtMs } = next;
    const outcome = await store.refreshSession(
      hashOfRefreshToken(refreshToken),
      { hash, expiresAtMs, atMs: clock.nowMs() },
      REFRESH_LEEWAY_MS,
    );
    switch (outcome.status) {
      case 'refreshed':
        return { tokens: await this.answer(outcome.session, next.token, expiresAtMs), ended: null };
      case 'expired':
        throw tokenExpired();
      case 'reused':
        return { tokens: null, ended: outcome.session };
      case 'unknown':
        throw tokenInvalid();
    }
  }

  /** Ends the session that `refreshToken` belongs to. The ended session's id, or null where `userId` has none such. */
  async signOut(userId: string, refreshToken: string): Promise<string | null> {
    const session = await this.parts.store.findSessionByRefreshHash(hashOfRefreshToken(refreshToken));
    if (session === null || session.userId !== userId) {
      return null;
    }
    await this.parts.store.deleteSession(session.sessionId);
    return session.sessionId;
  }

  /** The user's sign-ins, the newest first. */
  async sessionsOf(userId: string): Promise<SessionListing[]> {
    return (await this.parts.store.listSessions(userId)).slice(0, MAX_LISTED_SESSIONS);
  }

  /** False where it is none of the user's. The caller ends its connections. */
  async endSession(userId: string, sessionId: string): Promise<boolean> {
    const session = await this.parts.store.findSession(sessionId);
    return session?.userId === userId && (await this.parts.store.deleteSession(sessionId));
  }

  /** The ids of those that ended. The caller ends their connections. */
  endOtherSessions({ userId, sessionId }: Identity): Promise<string[]> {
    return this.parts.store.deleteSessionsExcept(userId, sessionId);
  }

  /** Throws `Refusal` with `token_invalid` (also for a session that was signed out) or `token_expired`. */
  async identify(accessToken: string): Promise<Identity> {
    const claims = await this.parts.tokens.verify(accessToken);
    const session = await this.parts.store.findSession(claims.sessionId);
    if (session === null || session.userId !== claims.userId) {
      throw tokenInvalid();
    }
    return {
      userId: session.userId,
      userName: session.userName,
      sessionId: session.sessionId,
      accessExpiresAtMs: claims.expiresAtMs,
    };
  }

  private async startSession(userId: string, userName: string, device: string): Promise<SessionTokens> {
    const { store, ids, clock } = this.parts;
    const sessionId = ids.make('s');
    const refresh = this.newRefreshToken();
    await store.createSession({
      sessionId,
      userId,
      refreshHash: refresh.hash,
      refreshExpiresAtMs: refresh.expiresAtMs,
      createdAtMs: clock.nowMs(),
      device,
    });
    return this.answer({ sessionId, userId, userName }, refresh.token, refresh.expiresAtMs);
  }

  private newRefreshToken(): { token: string; hash: string; expiresAtMs: number } {
    const token = this.parts.ids.secret('rt', REFRESH_TOKEN_BYTES);
    return {
      token,
      hash: hashOfRefreshToken(token),
      expiresAtMs: this.parts.clock.nowMs() + this.parts.refreshTtlMs,
    };
  }

  private async answer(
    session: Pick<SessionOwner, 'sessionId' | 'userId' | 'userName'>,
    refreshToken: string,
    refreshExpiresAtMs: number,
  ): Promise<SessionTokens> {
    const access = await this.parts.tokens.sign(session.userId, session.sessionId);
    return {
      userId: session.userId,
      userName: session.userName,
      accessToken: access.token,
      accessExpiresAtMs: access.expiresAtMs,
      refreshToken,
      refreshExpiresAtMs,
    };
  }
}
