import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Namespace } from 'socket.io';
import { REDIS_OPTIONS, redisPrefixOf, redisSentenceOf } from '../bus/redis-options';
import type { Clock, Timer } from '../ports/clock';
import { faultOf, type StreamEntry } from './stream-entry';

/** What the adapter makes of a reply to XREAD: one stream with its entries. */
type StreamReply = readonly [readonly [stream: string, entries: readonly StreamEntry[]]];

/** Entries that the stream keeps, nearly: who was cut off for longer misses the older ones. */
const STREAM_LENGTH = 1000;
/** Entries of one read, which leave in one turn: with the longest of them still less than what closes a slow reader. */
const READ_COUNT = 32;
/** How long one read waits for entries: what an idle process costs is one command in this time. */
const BLOCK_MS = 5000;
/** A read that is not answered in this time is over: the connection is open and carries nothing. */
const READ_WITHIN_MS = BLOCK_MS + 3000;
const READ_AGAIN_MS = 500;

export function noticeStreamOf(redisUrl: string): string {
  return `${redisPrefixOf(redisUrl)}notices`;
}

/**
 * What the adapter asks of an ioredis client, and no more. It makes copies of what it is given, forgets them when it is closed, and repeats a read that
 * failed at once and for ever; so it is given this, which is all of its copies, and whose owner closes the connection below.
 */
abstract class AdapterClient {
  readonly options = { lazyConnect: false };

  duplicate(): this {
    return this;
  }

  on(): this {
    return this;
  }

  /** Acknowledgements, lists of sockets and events between servers are not offered: no client's data leaves the process. */
  subscribe(): Promise<number> {
    return Promise.resolve(0);
  }

  publish(): Promise<number> {
    return Promise.resolve(0);
  }

  disconnect(): void {
    // The adapter does not own a connection.
  }

  abstract xread(): Promise<StreamReply | null>;
  abstract xadd(args: readonly (string | number)[]): Promise<string>;
}

/** Joins one namespace, and no other of its server, to the stream. */
function join(namespace: Namespace, client: AdapterClient, streamName: string): void {
  const options = { streamName, maxLen: STREAM_LENGTH, readCount: READ_COUNT, blockTimeInMs: BLOCK_MS };
  namespace.adapter = createAdapter(client, options)(namespace);
}

/** Never settles: the adapter, which would ask again at once, stops there and is forgotten. */
function nothingMore(): Promise<never> {
  return new Promise(() => undefined);
}

/** Reads the stream for a namespace: goes on where it was after each cut, and leaves out what is no notice. */
export class NoticeReader extends AdapterClient {
  private readonly redis: Redis;
  private readonly streamName: string;
  private lastId: string | null = null;
  private timer: Timer | null = null;
  private isClosed = false;
  private isAway = false;
  private isPuzzled = false;

  constructor(
    url: string,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    super();
    this.streamName = noticeStreamOf(url);
    this.redis = new Redis(url, {
      ...REDIS_OPTIONS,
      autoResendUnfulfilledCommands: false,
      socketTimeout: READ_WITHIN_MS,
      connectionName: 'parley-notices',
    });
    // What failed shows in the read that waits for it.
    this.redis.on('error', () => undefined);
  }

  serve(namespace: Namespace): void {
    join(namespace, this, this.streamName);
  }

  close(): void {
    this.isClosed = true;
    this.timer?.cancel();
    this.redis.disconnect();
  }

  override async xread(): Promise<StreamReply | null> {
    if (this.isClosed) {
      return nothingMore();
    }
    try {
      const entries = await this.nextEntries();
      this.isBack();
      return entries.length === 0 ? null : [[this.streamName, entries]];
    } catch (error) {
      this.isLost(error);
      await new Promise<void>((resolve) => {
        this.timer = this.clock.setTimer(READ_AGAIN_MS, resolve);
      });
      return null;
    }
  }

  override xadd(): Promise<string> {
    return Promise.reject(new Error('a server of notices: expected to read only'));
  }

  /** The position is our own: the adapter's begins anew with each read until something came, and skips what came between two. */
  private async nextEntries(): Promise<StreamEntry[]> {
    if (this.lastId === null) {
      const [newest] = await this.redis.xrevrange(this.streamName, '+', '-', 'COUNT', 1);
      this.lastId = newest?.[0] ?? '0-0';
      this.isBack();
    }
    const reply = await this.redis.xread(
      'COUNT',
      READ_COUNT,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      this.streamName,
      this.lastId,
    );
    const entries: StreamEntry[] = reply?.[0]?.[1] ?? [];
    this.lastId = entries.at(-1)?.[0] ?? this.lastId;
    return entries.filter((entry) => this.isNotice(entry));
  }

  private isNotice([entryId, fields]: StreamEntry): boolean {
    const fault = faultOf(fields);
    if (fault === null) {
      return true;
    }
    // Who sends one wrong entry sends many. Once is enough to look into it.
    this.log[this.isPuzzled ? 'debug' : 'warn']({ entryId, fault }, 'an entry of the notices was left out');
    this.isPuzzled = true;
    return false;
  }

  private isBack(): void {
    if (this.isAway) {
      this.isAway = false;
      this.log.info('notices are heard again');
    }
  }

  /** Before the first read nothing is lost: that Redis is not there yet is told by the bus. */
  private isLost(error: unknown): void {
    if (this.lastId !== null && !this.isAway && !this.isClosed) {
      this.isAway = true;
      this.log.warn({ reason: redisSentenceOf(error) }, 'notices are not heard');
    }
  }
}

/** Writes to the stream for a program that serves no sockets. */
export class NoticeWriter extends AdapterClient {
  private readonly redis: Redis;
  private writing: Promise<string> | null = null;

  private constructor(private readonly url: string) {
    super();
    this.redis = new Redis(url, {
      ...REDIS_OPTIONS,
      lazyConnect: true,
      retryStrategy: () => null,
      socketTimeout: READ_WITHIN_MS,
      connectionName: 'parley-notice',
    });
  }

  /** Rejects with a sentence where Redis does not answer. */
  static async open(url: string): Promise<NoticeWriter> {
    const writer = new NoticeWriter(url);
    let reason: string | null = null;
    // `connect` says only that the connection is closed; the event before it says why.
    writer.redis.on('error', (error) => {
      reason = redisSentenceOf(error);
    });
    try {
      await writer.redis.connect();
      return writer;
    } catch (error) {
      writer.close();
      throw new Error(reason ?? redisSentenceOf(error));
    }
  }

  serve(namespace: Namespace): void {
    join(namespace, this, noticeStreamOf(this.url));
  }

  /** What was emitted last is in the stream. */
  async written(): Promise<void> {
    if (this.writing === null) {
      throw new Error('the adapter: expected an entry, got none');
    }
    await this.writing;
  }

  close(): void {
    this.redis.disconnect();
  }

  override xread(): Promise<StreamReply | null> {
    return nothingMore();
  }

  override xadd([key = '', ...args]: readonly (string | number)[]): Promise<string> {
    this.writing = this.redis.call('xadd', key, ...args) as Promise<string>;
    return this.writing;
  }
}
