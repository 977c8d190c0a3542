import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../ports/clock';
import { REDIS_OPTIONS, redisSentenceOf } from './redis-options';

export interface RedisLinkParts {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  onMessage(channel: string, text: string): void;
  /** Both connections work and every wanted channel is subscribed; others may be told now. A rejection means: try again. */
  onUp(): Promise<void>;
  /** Right after the link went up, also for the first time. */
  onReturn(): void;
  /** Each wanted channel once after it was subscribed, and once more after each cut. */
  onSubscribed(channels: readonly string[]): void;
}

/** `Away`: not connected yet, or no more. `Joining`: connected; channels are being subscribed. */
enum LinkState {
  Away = 'away',
  Joining = 'joining',
  Up = 'up',
  Closed = 'closed',
}

/** Channels of one SUBSCRIBE: bounds how long Redis is busy with one command. */
const SUBSCRIBE_CHUNK = 500;

/** What was not sent is remembered above, in its own bounded way. */
const OPTIONS = {
  ...REDIS_OPTIONS,
  lazyConnect: true,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
} satisfies RedisOptions;

/**
 * Two connections to Redis, one for commands and one for what others publish, as one line that is up or away.
 *
 * | from          | to      | when                                                              |
 * |---------------|---------|-------------------------------------------------------------------|
 * | Away          | Joining | both connections are ready                                        |
 * | Joining       | Up      | all wanted channels are subscribed and `onUp` is done             |
 * | Joining, Up   | Away    | a connection closed, or `cut`                                     |
 * | any           | Closed  | `close`                                                           |
 */
export class RedisLink {
  private readonly redis: Redis;
  private readonly subscriber: Redis;
  private state = LinkState.Away;
  private readonly wanted = new Set<string>();
  private readonly subscribed = new Set<string>();
  /** Counts the cuts: what was begun before one does not count after it. */
  private life = 0;
  private awaySinceMs: number | null = null;
  private joiningSinceMs = 0;
  private willSubscribe = false;

  constructor(private readonly parts: RedisLinkParts) {
    this.redis = new Redis(parts.url, { ...OPTIONS, connectionName: 'parley' });
    this.subscriber = new Redis(parts.url, { ...OPTIONS, connectionName: 'parley-subscriber' });
  }

  get isUp(): boolean {
    return this.state === LinkState.Up;
  }

  /** Commands, while the link is up or `onUp` runs; at other times each of them rejects at once. */
  get commands(): Redis {
    return this.redis;
  }

  /** Returns at once and tries for ever. */
  start(): void {
    this.subscriber.on('message', (channel: string, text: string) => this.parts.onMessage(channel, text));
    [this.redis, this.subscriber].forEach((one) => {
      one.on('ready', () => this.join());
      one.on('close', () => this.lost('connection closed'));
      one.on('error', (error: unknown) => this.lost(redisSentenceOf(error)));
      // The first attempt's failure is told by `error`, too; the attempts that follow are ioredis's own.
      one.connect().catch((error: unknown) => this.lost(redisSentenceOf(error)));
    });
  }

  want(channel: string): void {
    this.wanted.add(channel);
    this.subscribeSoon();
  }

  unwant(channel: string): void {
    this.wanted.delete(channel);
    this.subscribeSoon();
  }

  /** Gives up connections that seem to work and do not, and makes new ones. */
  cut(reason: string): void {
    this.lost(reason);
    this.redis.disconnect(true);
    this.subscriber.disconnect(true);
  }

  /** Tries anew where the way up has taken longer: a connection may be open and carry nothing. */
  joinWithin(ms: number): void {
    if (this.state === LinkState.Joining && this.parts.clock.nowMs() - this.joiningSinceMs > ms) {
      this.cut(`no answer for ${ms} ms`);
    }
  }

  close(): void {
    this.state = LinkState.Closed;
    this.life++;
    this.redis.disconnect();
    this.subscriber.disconnect();
  }

  private lost(reason: string): void {
    if (this.state === LinkState.Closed) {
      return;
    }
    this.life++;
    this.state = LinkState.Away;
    this.subscribed.clear();
    if (this.awaySinceMs === null) {
      this.awaySinceMs = this.parts.clock.nowMs();
      this.parts.log.warn({ reason }, 'Redis is away; other processes are not heard');
    }
  }

  private join(): void {
    if (this.state === LinkState.Away && this.redis.status === 'ready' && this.subscriber.status === 'ready') {
      this.state = LinkState.Joining;
      this.joiningSinceMs = this.parts.clock.nowMs();
      const life = this.life;
      this.enter(life).catch((error: unknown) => {
        if (life === this.life) {
          this.cut(redisSentenceOf(error));
        }
      });
    }
  }

  private async enter(life: number): Promise<void> {
    const channels = await this.subscribeMissing();
    await this.parts.onUp();
    if (life !== this.life) {
      return;
    }
    this.state = LinkState.Up;
    const { awaySinceMs } = this;
    if (awaySinceMs !== null) {
      this.parts.log.info({ awayMs: this.parts.clock.nowMs() - awaySinceMs }, 'Redis is back');
      this.awaySinceMs = null;
    }
    this.parts.onReturn();
    this.parts.onSubscribed(channels);
    this.subscribeSoon();
  }

  /** What is wanted and unwanted in one turn costs one command. */
  private subscribeSoon(): void {
    if (this.willSubscribe || this.state !== LinkState.Up) {
      return;
    }
    this.willSubscribe = true;
    setImmediate(() => {
      this.willSubscribe = false;
      const life = this.life;
      if (this.state === LinkState.Up) {
        this.subscribeMissing().then(
          (channels) => (life === this.life ? this.parts.onSubscribed(channels) : undefined),
          (error: unknown) => (life === this.life ? this.cut(redisSentenceOf(error)) : undefined),
        );
      }
    });
  }

  /** Brings Redis to what is wanted. The channels that are new, once they are heard. */
  private async subscribeMissing(): Promise<string[]> {
    const extra = [...this.subscribed].filter((channel) => !this.wanted.has(channel));
    const missing = [...this.wanted].filter((channel) => !this.subscribed.has(channel));
    extra.forEach((channel) => this.subscribed.delete(channel));
    missing.forEach((channel) => this.subscribed.add(channel));
    const sent: Promise<unknown>[] = [];
    for (let at = 0; at < extra.length; at += SUBSCRIBE_CHUNK) {
      sent.push(this.subscriber.unsubscribe(...extra.slice(at, at + SUBSCRIBE_CHUNK)));
    }
    for (let at = 0; at < missing.length; at += SUBSCRIBE_CHUNK) {
      sent.push(this.subscriber.subscribe(...missing.slice(at, at + SUBSCRIBE_CHUNK)));
    }
    await Promise.all(sent);
    return missing;
  }
}
