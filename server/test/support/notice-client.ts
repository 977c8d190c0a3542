import { io, type Socket } from 'socket.io-client';
import type { ErrorPayload } from '../../../common/core/src/main/ets/wire/Frames';
import { until } from './until';

/** What `auth` is answered with. */
export type AuthAnswer = { readonly expiresInMs: number } | { readonly error: ErrorPayload };

/** A client in the notices' namespace. */
export class NoticeClient {
  readonly notices: unknown[] = [];
  /** The code of `bye`; 0 before it. */
  bye = 0;
  refusal: (Error & { readonly data?: ErrorPayload }) | null = null;
  /** Why the namespace was left; empty before. */
  gone = '';

  constructor(readonly socket: Socket) {
    socket.on('notice', (notice: unknown) => this.notices.push(notice));
    socket.on('bye', ({ code }: { code: number }) => {
      this.bye = code;
    });
    socket.on('connect_error', (error) => {
      this.refusal = error;
    });
    socket.on('disconnect', (reason) => {
      this.gone = reason;
    });
  }

  /** `auth` is what the handshake says; a connection of its own, unless `beside` is another namespace's socket. */
  static open(baseUrl: string, auth: object, beside?: Socket): NoticeClient {
    const options = { path: '/v1/socket.io', transports: ['websocket'], reconnection: false };
    const socket =
      beside === undefined
        ? io(`${baseUrl}/parley.notices.v1`, { ...options, forceNew: true, auth })
        : beside.io.socket('/parley.notices.v1', { auth });
    return new NoticeClient(socket);
  }

  /** Let in. */
  static async connect(baseUrl: string, token: string, beside?: Socket): Promise<NoticeClient> {
    const client = NoticeClient.open(baseUrl, { token }, beside);
    await until(() => client.socket.connected || client.refusal !== null, 'the namespace of notices');
    if (client.refusal !== null) {
      throw client.refusal;
    }
    return client;
  }

  /** Why it was not let in. */
  async refused(): Promise<ErrorPayload> {
    await until(() => this.refusal !== null, 'a refusal');
    const { data, message } = this.refusal ?? {};
    if (data === undefined) {
      throw new Error(`expected a refusal with data, got "${message}"`);
    }
    return data;
  }

  renew(auth: unknown): Promise<AuthAnswer> {
    return this.socket.timeout(10_000).emitWithAck('auth', auth) as Promise<AuthAnswer>;
  }

  /** The code of `bye`, once the namespace is left. */
  async ended(): Promise<number> {
    await until(() => this.gone !== '', 'the end of the notices');
    return this.bye;
  }

  async next(): Promise<unknown> {
    await until(() => this.notices.length > 0, 'a notice');
    return this.notices.shift();
  }

  close(): void {
    this.socket.disconnect();
  }
}
