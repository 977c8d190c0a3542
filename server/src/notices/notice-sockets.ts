import type { Logger } from 'pino';
import type { Namespace, Socket } from 'socket.io';
import { CloseCode, ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { ErrorPayload } from '../../../common/core/src/main/ets/wire/Frames';
import { MAX_TOKEN_LENGTH } from '../../../common/core/src/main/ets/wire/Limits';
import { SOCKET_IO_BYE_EVENT } from '../../../common/core/src/main/ets/wire/LineEvents';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import type { Audit } from '../audit/audit';
import { tokenInvalid } from '../auth/access-tokens';
import type { AuthService, Identity } from '../auth/auth-service';
import type { HubLimits } from '../hub/limits';
import { OpenCounts } from '../limits/open-counts';
import type { Clock, Timer } from '../ports/clock';
import { toErrorPayload, tooFast } from '../refusal';
import type { Store } from '../store/store';
import { AUTH_EVENT, roomOfSession, roomOfUser } from './notice';
import type { SessionSockets } from './session-sockets';

export interface NoticeSocketsParts {
  readonly auth: AuthService;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: Audit;
  readonly limits: HubLimits;
}

/** What a connection of Socket.IO tells its namespaces. */
export interface NoticeLink {
  /** Bytes that were sent and that the other side did not read yet, by whatever namespace. */
  readonly unreadBytes: number;
  /** Counts something that a good client seldom does. False where it was once too often. */
  tolerates(): boolean;
}

/** Advice to a socket that is one too many of its user: another one must go first. */
const CROWDED_RETRY_MS = 30_000;

/** Why a client was not let in: what `connect_error` says. */
export class NoticeRefusal extends Error {
  constructor(readonly data: ErrorPayload) {
    super(data.message);
    this.name = 'NoticeRefusal';
  }
}

/** Throws `ProtocolError`. */
function tokenOf(auth: unknown): string {
  const { token } = (auth ?? {}) as { readonly token?: unknown };
  if (typeof token !== 'string' || token === '' || token.length > MAX_TOKEN_LENGTH) {
    const actual = typeof token === 'string' ? `${token.length}` : typeof token;
    throw new ProtocolError(ErrorCode.BadField, 'token', `1 to ${MAX_TOKEN_LENGTH} characters`, actual);
  }
  return token;
}

/** One client in the namespace. It ends with its token, unless a newer one was shown. */
class NoticeSocket {
  private tokenTimer: Timer | null = null;
  private isEnded = false;

  constructor(
    private readonly socket: Socket,
    private who: Identity,
    private readonly parts: NoticeSocketsParts,
  ) {
    this.watchToken();
  }

  get identity(): Identity {
    return this.who;
  }

  /** Of the same session only: its sign-out must go on to end this socket. How long the token lives. */
  async renew(auth: unknown): Promise<number> {
    const renewed = await this.parts.auth.identify(tokenOf(auth));
    if (renewed.sessionId !== this.who.sessionId) {
      throw tokenInvalid();
    }
    if (!this.isEnded) {
      this.who = renewed;
      this.watchToken();
    }
    return Math.max(0, renewed.accessExpiresAtMs - this.parts.clock.nowMs());
  }

  /** The server ends it; other namespaces of the connection go on unless `isAll`. */
  end(code: CloseCode, reason: string, isAll = false): void {
    if (this.isEnded) {
      return;
    }
    this.isEnded = true;
    this.parts.log.info({ userId: this.who.userId, code, reason }, 'notices ended');
    this.socket.emit(SOCKET_IO_BYE_EVENT, { code, reason });
    this.socket.disconnect(isAll);
  }

  /** It is gone, by whoever's will. */
  ended(): void {
    this.isEnded = true;
    this.tokenTimer?.cancel();
  }

  private watchToken(): void {
    const { clock } = this.parts;
    this.tokenTimer?.cancel();
    this.tokenTimer = clock.setTimer(this.who.accessExpiresAtMs - clock.nowMs(), () => {
      this.end(CloseCode.TokenExpired, 'token expired');
    });
  }
}

/** Everyone in the notices' namespace: they hear what the operator's programs send, and say nothing. Source: docs/PROTOCOL.md, "Notices". */
export class NoticeSockets implements SessionSockets {
  private readonly sockets = new Set<NoticeSocket>();
  private readonly users: OpenCounts;
  /** Who was let in and is not in yet. */
  private readonly admitted = new WeakMap<Socket, Identity>();

  constructor(private readonly parts: NoticeSocketsParts) {
    this.users = new OpenCounts(parts.limits.maxConnectionsPerUser);
  }

  get count(): number {
    return this.sockets.size;
  }

  sessionIds(): string[] {
    return [...this.sockets].map(({ identity }) => identity.sessionId);
  }

  endWhere(isMeant: (identity: Identity) => boolean): void {
    [...this.sockets]
      .filter(({ identity }) => isMeant(identity))
      .forEach((socket) => socket.end(CloseCode.TokenInvalid, 'signed out'));
  }

  endAll(): void {
    [...this.sockets].forEach((socket) => socket.end(CloseCode.ServiceRestart, 'shutting down'));
  }

  serve(namespace: Namespace, linkOf: (socket: Socket) => NoticeLink): void {
    namespace.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(this.refusalOf(error)),
      );
    });
    namespace.on('connection', (socket) => this.accept(socket, linkOf(socket)));
  }

  private async admit(socket: Socket): Promise<void> {
    const identity = await this.parts.auth.identify(tokenOf(socket.handshake.auth));
    if (this.users.countOf(identity.userId) >= this.parts.limits.maxConnectionsPerUser) {
      this.parts.audit.record({ event: 'limited', outcome: 'refused', userId: identity.userId, detail: 'notices' });
      throw tooFast(CROWDED_RETRY_MS);
    }
    this.admitted.set(socket, identity);
  }

  private accept(socket: Socket, link: NoticeLink): void {
    const identity = this.admitted.get(socket);
    if (identity === undefined) {
      throw new Error('a socket of the notices: expected an identity, got none');
    }
    const { userId, sessionId } = identity;
    const one = new NoticeSocket(socket, identity, this.parts);
    const leave = this.users.enter(userId);
    this.sockets.add(one);
    socket.on('disconnect', () => {
      one.ended();
      leave?.();
      this.sockets.delete(one);
    });
    if (!link.tolerates()) {
      one.end(CloseCode.TooManyErrors, 'too many handshakes', true);
      return;
    }
    if (leave === null) {
      one.end(CloseCode.TryAgainLater, 'too many connections');
      return;
    }
    void socket.join([roomOfUser(userId), roomOfSession(sessionId)]);
    socket.onAny((event: unknown, ...args: unknown[]) => this.receive(one, link, event, args));
    socket.onAnyOutgoing(() => {
      if (link.unreadBytes > this.parts.limits.maxUnreadBytes) {
        one.end(CloseCode.SlowReader, 'reads too slowly');
      }
    });
    this.parts.log.info({ userId }, 'notices open');
    void this.confirm(one);
  }

  /** Asked again now that `endWhere` can see the socket: a sign-out in between is noticed by one of the two. */
  private async confirm(one: NoticeSocket): Promise<void> {
    try {
      if ((await this.parts.store.findSession(one.identity.sessionId)) === null) {
        one.end(CloseCode.TokenInvalid, 'signed out');
      }
    } catch (error) {
      this.parts.log.error({ err: error }, 'a session could not be read');
      one.end(CloseCode.TryAgainLater, 'the store cannot do this now');
    }
  }

  /** Everything counts, so that `auth` cannot be a way to keep the store busy; all but `auth` is not looked at. */
  private receive(one: NoticeSocket, link: NoticeLink, event: unknown, args: readonly unknown[]): void {
    if (!link.tolerates()) {
      one.end(CloseCode.TooManyErrors, 'too many events', true);
      return;
    }
    if (event !== AUTH_EVENT) {
      return;
    }
    const last = args.at(-1);
    const answer = typeof last === 'function' ? (last as (body: object) => void) : () => undefined;
    one.renew(args[0]).then(
      (expiresInMs) => answer({ expiresInMs }),
      (error: unknown) => answer({ error: this.refusalOf(error).data }),
    );
  }

  private refusalOf(error: unknown): NoticeRefusal {
    const payload = toErrorPayload(error);
    if (payload.code === ErrorCode.Internal || payload.code === ErrorCode.Unavailable) {
      this.parts.log.error({ err: error }, 'a client of the notices was not let in');
    }
    return new NoticeRefusal(payload);
  }
}
