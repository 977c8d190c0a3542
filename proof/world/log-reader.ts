import { decodeHistoryPage, decodeSessionTokens } from '../../common/core/src/main/ets/wire/HttpBodies.js';
import type { LogEvent } from '../history/history.js';

/** A member of the rooms that only reads their logs, straight from the server: what the devices are held against. */
export class LogReader {
  private readonly credentials: string;
  private token = '';

  constructor(
    private readonly url: () => string,
    userName: string,
  ) {
    this.credentials = JSON.stringify({ userName, password: 'correct horse battery' });
  }

  async signUp(): Promise<void> {
    this.token = decodeSessionTokens(await this.call('POST', '/v1/auth/sign-up', this.credentials)).accessToken;
  }

  async join(roomId: string): Promise<void> {
    await this.call('POST', `/v1/rooms/${roomId}/join`, null);
  }

  /** The newest seq. */
  async head(roomId: string): Promise<number> {
    const page = decodeHistoryPage(await this.call('GET', `/v1/rooms/${roomId}/events?limit=1`, null));
    return page.events.at(-1)?.seq ?? 0;
  }

  async wholeLog(roomId: string): Promise<LogEvent[]> {
    const log: LogEvent[] = [];
    for (;;) {
      const path = `/v1/rooms/${roomId}/events?limit=200&before=${log[0]?.seq ?? 0}`;
      const page = decodeHistoryPage(await this.call('GET', path, null));
      const events = page.events.map(({ seq, kind, userId, clientId, text }) => ({
        seq,
        kind,
        userId,
        clientId,
        text,
      }));
      log.unshift(...events);
      if (!page.hasMore) {
        return log;
      }
    }
  }

  /** The token may have ended meanwhile: then it signs in again. */
  private async call(method: string, path: string, body: string | null): Promise<string> {
    const headers: Record<string, string> = this.token === '' ? {} : { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.url()}${path}`, { method, headers, body });
    const text = await answer.text();
    if (answer.status === 401 && this.token !== '') {
      this.token = '';
      this.token = decodeSessionTokens(await this.call('POST', '/v1/auth/sign-in', this.credentials)).accessToken;
      return this.call(method, path, body);
    }
    if (!answer.ok) {
      throw new Error(`${method} ${path}: expected success, got ${answer.status}: ${text}`);
    }
    return text;
  }
}
