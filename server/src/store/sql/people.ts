import type {
  KnownUser,
  NextToken,
  RefreshOutcome,
  SessionListing,
  SessionOwner,
  SessionRecord,
  UserListing,
  UserRecord,
} from '../store';
import type { Dialect } from './dialect';
import { all, first, run, type Script } from './script';
import type { EndingLog } from './session-endings';
import { statement } from './statement';
import type { SessionsTable, UsersTable } from './tables';

type SeenRow = { readonly user_id: string; readonly at_ms: number };

interface OwnerRow {
  readonly session_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly refresh_expires_at_ms: number;
}

function toOwner(row: OwnerRow | null): SessionOwner | null {
  return row === null
    ? null
    : {
        sessionId: row.session_id,
        userId: row.user_id,
        userName: row.name,
        refreshExpiresAtMs: row.refresh_expires_at_ms,
      };
}

function statementsOf({ db, rows }: Dialect) {
  const owners = (q: typeof db) =>
    q
      .selectFrom('sessions as s')
      .innerJoin('users as u', 'u.user_id', 's.user_id')
      // One that was made at the moment in which its user was disabled is none either.
      .where('u.is_disabled', '=', 0)
      .select(['s.session_id', 's.user_id', 'u.name', 's.refresh_expires_at_ms']);
  return {
    insertUser: statement<Omit<UsersTable, 'last_seen_ms' | 'is_disabled'>>(db).as((q, p) =>
      q
        .insertInto('users')
        .values({
          user_id: p.user_id,
          name: p.name,
          name_key: p.name_key,
          password_hash: p.password_hash,
          created_at_ms: p.created_at_ms,
          last_seen_ms: 0,
          is_disabled: 0,
        })
        .onConflict((conflict) => conflict.column('name_key').doNothing()),
    ),
    user: statement<{ nameKey: string }>(db).as((q, { nameKey }) =>
      q.selectFrom('users').selectAll().where('name_key', '=', nameKey),
    ),
    users: statement<{ after: string; limit: number }>(db).as((q, { after, limit }) =>
      q
        .selectFrom('users')
        .select(['user_id', 'name', 'created_at_ms', 'last_seen_ms', 'is_disabled'])
        .where('name_key', '>', after)
        .orderBy('name_key')
        .limit(limit),
    ),
    setPassword: statement<{ userId: string; passwordHash: string }>(db).as((q, { userId, passwordHash }) =>
      q.updateTable('users').set({ password_hash: passwordHash }).where('user_id', '=', userId),
    ),
    setDisabled: statement<{ userId: string; isDisabled: number }>(db).as((q, { userId, isDisabled }) =>
      q.updateTable('users').set({ is_disabled: isDisabled }).where('user_id', '=', userId),
    ),
    seen: statement<{ seen: readonly SeenRow[] }>(db).as((q, { seen }) =>
      q
        .updateTable('users')
        .from(rows<SeenRow, 'k'>(seen, { user_id: 'text', at_ms: 'bigint' }, 'k'))
        .set((e) => ({ last_seen_ms: e.ref('k.at_ms') }))
        .whereRef('users.user_id', '=', 'k.user_id')
        .whereRef('users.last_seen_ms', '<', 'k.at_ms'),
    ),
    insertSession: statement<Omit<SessionsTable, 'last_used_at_ms'>>(db).as((q, p) =>
      q.insertInto('sessions').values({
        session_id: p.session_id,
        user_id: p.user_id,
        refresh_hash: p.refresh_hash,
        refresh_expires_at_ms: p.refresh_expires_at_ms,
        created_at_ms: p.created_at_ms,
        device: p.device,
        last_used_at_ms: p.created_at_ms,
      }),
    ),
    session: statement<{ sessionId: string }>(db).as((q, { sessionId }) =>
      owners(q).where('s.session_id', '=', sessionId),
    ),
    sessionByHash: statement<{ hash: string }>(db).as((q, { hash }) => owners(q).where('s.refresh_hash', '=', hash)),
    spent: statement<{ hash: string }>(db).as((q, { hash }) =>
      owners(q)
        .innerJoin('spent_tokens as t', 't.session_id', 's.session_id')
        .select(['s.refresh_hash', 's.last_used_at_ms', 't.spent_at_ms'])
        .where('t.refresh_hash', '=', hash),
    ),
    sessionsOf: statement<{ userId: string }>(db).as((q, { userId }) =>
      q
        .selectFrom('sessions')
        .select(['session_id', 'device', 'created_at_ms', 'last_used_at_ms'])
        .where('user_id', '=', userId)
        .orderBy('created_at_ms', 'desc')
        .orderBy('session_id'),
    ),
    rotate: statement<{ oldHash: string; newHash: string; expiresAtMs: number; atMs: number }>(db).as((q, p) =>
      q
        .updateTable('sessions')
        .set({ refresh_hash: p.newHash, refresh_expires_at_ms: p.expiresAtMs, last_used_at_ms: p.atMs })
        .where('refresh_hash', '=', p.oldHash),
    ),
    spend: statement<{ hash: string; sessionId: string; atMs: number }>(db).as((q, { hash, sessionId, atMs }) =>
      q.insertInto('spent_tokens').values({ refresh_hash: hash, session_id: sessionId, spent_at_ms: atMs }),
    ),
    deleteSession: statement<{ sessionId: string }>(db).as((q, { sessionId }) =>
      q.deleteFrom('sessions').where('session_id', '=', sessionId),
    ),
    deleteOthers: statement<{ userId: string; kept: string }>(db).as((q, { userId, kept }) =>
      q.deleteFrom('sessions').where('user_id', '=', userId).where('session_id', '<>', kept).returning('session_id'),
    ),
    deleteExpired: statement<{ atMs: number }>(db).as((q, { atMs }) =>
      q.deleteFrom('sessions').where('refresh_expires_at_ms', '<', atMs),
    ),
  };
}

/** Users and their sign-ins. What a spent token was good for goes with its session. */
export class People {
  private readonly ask;

  constructor(
    dialect: Dialect,
    private readonly endings: EndingLog,
  ) {
    this.ask = statementsOf(dialect);
  }

  *create(user: UserRecord): Script<boolean> {
    const changes = yield* run(this.ask.insertUser, {
      user_id: user.userId,
      name: user.userName,
      name_key: user.nameKey,
      password_hash: user.passwordHash,
      created_at_ms: user.createdAtMs,
    });
    return changes === 1;
  }

  *byNameKey(nameKey: string): Script<KnownUser | null> {
    const row = yield* first(this.ask.user, { nameKey });
    return row === null
      ? null
      : {
          userId: row.user_id,
          userName: row.name,
          nameKey: row.name_key,
          passwordHash: row.password_hash,
          createdAtMs: row.created_at_ms,
          isDisabled: row.is_disabled === 1,
        };
  }

  *list(after: string, limit: number): Script<UserListing[]> {
    const rows = yield* all(this.ask.users, { after, limit });
    return rows.map((row) => ({
      userId: row.user_id,
      userName: row.name,
      createdAtMs: row.created_at_ms,
      lastSeenMs: row.last_seen_ms,
      isDisabled: row.is_disabled === 1,
    }));
  }

  *setPasswordHash(userId: string, passwordHash: string): Script<boolean> {
    return (yield* run(this.ask.setPassword, { userId, passwordHash })) === 1;
  }

  /** Either way all sessions of the user end; the ids of those that did. */
  *setDisabled(userId: string, isDisabled: boolean): Script<string[]> {
    yield* run(this.ask.setDisabled, { userId, isDisabled: isDisabled ? 1 : 0 });
    return yield* this.deleteSessionsExcept(userId, '');
  }

  *recordSeen(seenAtMs: ReadonlyMap<string, number>): Script<void> {
    yield* run(this.ask.seen, { seen: [...seenAtMs].map(([user_id, at_ms]) => ({ user_id, at_ms })) });
  }

  *createSession(session: SessionRecord): Script<void> {
    yield* run(this.ask.insertSession, {
      session_id: session.sessionId,
      user_id: session.userId,
      refresh_hash: session.refreshHash,
      refresh_expires_at_ms: session.refreshExpiresAtMs,
      created_at_ms: session.createdAtMs,
      device: session.device,
    });
  }

  *session(sessionId: string): Script<SessionOwner | null> {
    return toOwner(yield* first(this.ask.session, { sessionId }));
  }

  *sessionByHash(hash: string): Script<SessionOwner | null> {
    return toOwner(yield* first(this.ask.sessionByHash, { hash }));
  }

  *sessionsOf(userId: string): Script<SessionListing[]> {
    const rows = yield* all(this.ask.sessionsOf, { userId });
    return rows.map((row) => ({
      sessionId: row.session_id,
      device: row.device,
      createdAtMs: row.created_at_ms,
      lastUsedAtMs: row.last_used_at_ms,
    }));
  }

  *refresh(hash: string, next: NextToken, leewayMs: number): Script<RefreshOutcome> {
    const session = toOwner(yield* first(this.ask.sessionByHash, { hash }));
    if (session === null) {
      return yield* this.refreshSpent(hash, next, leewayMs);
    }
    if (session.refreshExpiresAtMs <= next.atMs) {
      return { status: 'expired', session };
    }
    const isFirst = yield* this.rotate(session.sessionId, hash, next, next.atMs);
    return isFirst ? { status: 'refreshed', session } : yield* this.refreshSpent(hash, next, leewayMs);
  }

  /** The token may be the one whose answer got lost: then the session goes on, as if it had not been used. */
  private *refreshSpent(hash: string, next: NextToken, leewayMs: number): Script<RefreshOutcome> {
    const row = yield* first(this.ask.spent, { hash });
    const session = toOwner(row);
    if (row === null || session === null) {
      return { status: 'unknown' };
    }
    const isLast = row.spent_at_ms === row.last_used_at_ms;
    const isYoung = next.atMs - row.spent_at_ms <= leewayMs;
    if (isLast && isYoung && (yield* this.rotate(session.sessionId, row.refresh_hash, next, row.last_used_at_ms))) {
      return { status: 'refreshed', session };
    }
    yield* this.deleteSession(session.sessionId);
    return { status: 'reused', session };
  }

  /** False where `oldHash` was used up meanwhile. */
  private *rotate(sessionId: string, oldHash: string, next: NextToken, usedAtMs: number): Script<boolean> {
    const { hash, expiresAtMs } = next;
    const changes = yield* run(this.ask.rotate, { oldHash, newHash: hash, expiresAtMs, atMs: usedAtMs });
    if (changes === 1) {
      yield* run(this.ask.spend, { hash: oldHash, sessionId, atMs: usedAtMs });
    }
    return changes === 1;
  }

  *deleteSession(sessionId: string): Script<boolean> {
    const isEnded = (yield* run(this.ask.deleteSession, { sessionId })) === 1;
    yield* this.endings.note(isEnded ? [sessionId] : []);
    return isEnded;
  }

  *deleteSessionsExcept(userId: string, kept: string): Script<string[]> {
    const ended = (yield* all(this.ask.deleteOthers, { userId, kept })).map((row) => row.session_id);
    yield* this.endings.note(ended);
    return ended;
  }

  *deleteSessionsExpiredBefore(atMs: number): Script<void> {
    yield* run(this.ask.deleteExpired, { atMs });
  }
}
