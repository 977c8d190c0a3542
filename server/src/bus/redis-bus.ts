import type { Logger } from 'pino';
import { atMostCloseWait } from '../gateway/close-wait';
import type { Clock, Timer } from '../ports/clock';
import type { AnswerRequest, Bus, BusListener, Notice, RoomNotice, UserPresence } from './bus';
import {
  addSender,
  decodeForAll,
  decodePresence,
  decodeRequestMessage,
  decodeRoomNotice,
  encodeForAll,
  encodePresence,
  encodeRoomNotice,
  type ProcessMessage,
  senderOf,
} from './bus-codec';
import { BusRequests } from './bus-requests';
import { ProcessBook, type ProcessUsers } from './process-book';
import { RedisLink } from './redis-link';
import { redisPrefixOf } from './redis-options';
import { UnsaidNotices } from './unsaid-notices';

export interface RedisBusParts {
  /** `redis:` or `rediss:`; may hold a password. */
  readonly url: string;
  readonly processId: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Each process says that it lives this often. */
export const BEAT_MS = 2000;
/** Own signs of life come back by the same way as those of others: where they do not, nobody is heard. */
const ECHO_WITHIN_MS = 6000;
/** Fields of a process's list of users that are no user: ids are never empty and never hold these. */
const VERSION_FIELD = '';
const BEAT_FIELD = '@';
/** Users in one HSET. */
const USER_CHUNK = 500;

/** A listener before `start` and after `close`. */
const NOBODY: BusListener = {
  onRoom: () => undefined,
  onNotice: () => undefined,
  onPresence: () => undefined,
  onGoodbye: () => undefined,
  onInherited: () => undefined,
  onListening: () => undefined,
  onReturn: () => undefined,
};

/**
 * The bus over Redis: publish/subscribe for what is new, one hash for each process for who is connected to it. Nothing
 * of it must survive: a Redis that lost its memory is filled again by the processes that live.
 *
 * | key or channel (below `parley:<db>:`) | holds                                                           |
 * |---------------------------------------|-----------------------------------------------------------------|
 * | channel `room:<id>`                   | events, heads, typing of one room                               |
 * | channel `all`                         | signs of life, presence, membership, ended sessions             |
 * | channel `process:<id>`                | requests to one process and their answers                       |
 * | set `processes`                       | the ids of all processes that were not buried                   |
 * | hash `users:<id>`                     | the users of one process, its newest change and sign of life    |
 */
export class RedisBus implements Bus {
  readonly isShared = true;
  readonly processId: string;
  private readonly prefix: string;
  private readonly allChannel: string;
  private readonly link: RedisLink;
  private readonly book: ProcessBook;
  private readonly unsaid = new UnsaidNotices();
  private readonly own = new Map<string, string>();
  private requests: BusRequests | null = null;
  private listener = NOBODY;
  /** Counts the changes of `own`. */
  private version = 0;
  private writtenVersion = -1;
  private isClosed = false;
  private echoedAtMs = 0;
  private signs = 0;
  private beatTimer: Timer | null = null;
  private isPuzzled = false;

  constructor(private readonly parts: RedisBusParts) {
    const { clock, log } = parts;
    this.processId = parts.processId;
    this.prefix = redisPrefixOf(parts.url);
    this.allChannel = `${this.prefix}all`;
    this.link = new RedisLink({
      url: parts.url,
      clock,
      log,
      onMessage: (channel, text) => this.receive(channel, text),
      onUp: () => this.register(),
      onReturn: () => this.returned(),
      onSubscribed: (channels) => this.subscribed(channels),
    });
    this.book = new ProcessBook({
      clock,
      read: (processId) => this.usersOf(processId),
      onPresence: (...change) => this.listener.onPresence(...change),
      onGoodbye: (processId, userIds) => {
        this.requests?.processGone(processId);
        this.listener.onGoodbye(processId, userIds);
      },
      onDead: (processId, lastHeardMs) => {
        this.requests?.processGone(processId);
        this.bury(processId, lastHeardMs).catch((error: unknown) => this.failed(error));
      },
    });
  }

  isReady(): boolean {
    return this.link.isUp;
  }

  /** Signs of life that came, those of this process itself too. */
  get signsHeard(): number {
    return this.signs;
  }

  /** Requests of this process that wait for another's answer. */
  get requestCount(): number {
    return this.requests?.waitingCount ?? 0;
  }

  start(listener: BusListener, answer: AnswerRequest): void {
    this.listener = listener;
    this.requests = new BusRequests({
      clock: this.parts.clock,
      answer,
      send: (processId, message) =>
        this.publish(this.channelOf('process', processId), JSON.stringify(message)).catch(() => 0),
    });
    this.link.want(this.allChannel);
    this.link.want(this.channelOf('process', this.processId));
    this.link.start();
    this.beatLater();
  }

  listen(roomId: string): void {
    this.link.want(this.channelOf('room', roomId));
  }

  unlisten(roomId: string): void {
    this.link.unwant(this.channelOf('room', roomId));
  }

  announce(roomId: string, notice: RoomNotice): void {
    this.publish(this.channelOf('room', roomId), encodeRoomNotice(roomId, notice)).catch(() =>
      this.unsaid.keepRoom(roomId, notice),
    );
  }

  tellAll(notice: Notice): void {
    this.publish(this.allChannel, encodeForAll(notice)).catch(() => this.unsaid.keep(notice));
  }

  setPresence(userId: string, presence: UserPresence | null, lastSeenMs: number): void {
    const version = ++this.version;
    if (presence === null) {
      this.own.delete(userId);
    } else {
      this.own.set(userId, encodePresence(presence));
    }
    if (!this.link.isUp) {
      return;
    }
    const key = this.usersKey(this.processId);
    const text = this.own.get(userId);
    const pipeline = this.link.commands.pipeline();
    if (text === undefined) {
      pipeline.hdel(key, userId).hset(key, VERSION_FIELD, version);
    } else {
      pipeline.hset(key, userId, text, VERSION_FIELD, version);
    }
    const message: ProcessMessage = { kind: 'presence', version, userId, presence, lastSeenMs };
    pipeline.publish(this.allChannel, addSender(this.processId, encodeForAll(message)));
    if (this.writtenVersion === version - 1) {
      this.writtenVersion = version;
    }
    pipeline.exec().catch((error: unknown) => this.failed(error));
  }

  request(processId: string, body: string, signal: AbortSignal): Promise<string | null> {
    const isOther = processId !== this.processId && !this.isClosed;
    return (isOther ? this.requests?.ask(processId, body, signal) : null) ?? Promise.resolve(null);
  }

  async close(): Promise<void> {
    if (this.isClosed) {
      return;
    }
    this.isClosed = true;
    this.listener = NOBODY;
    this.beatTimer?.cancel();
    this.requests?.dispose();
    if (this.link.isUp) {
      const goodbye = addSender(this.processId, encodeForAll({ kind: 'bye' }));
      const leaving = this.link.commands.pipeline().srem(this.processesKey, this.processId);
      leaving.del(this.usersKey(this.processId)).publish(this.allChannel, goodbye);
      const isSaid = leaving.exec().then(
        () => undefined,
        (error: unknown) => this.failed(error),
      );
      // A line that went silent just now would keep it for ever.
      await atMostCloseWait(isSaid);
    }
    this.link.close();
  }

  private get processesKey(): string {
    return `${this.prefix}processes`;
  }

  private usersKey(processId: string): string {
    return `${this.prefix}users:${processId}`;
  }

  private channelOf(kind: 'room' | 'process', id: string): string {
    return `${this.prefix}${kind}:${id}`;
  }

  /** How many heard it. Rejects where it did not leave, or nobody knows if it did. */
  private publish(channel: string, text: string): Promise<number> {
    return this.link.isUp
      ? this.link.commands.publish(channel, addSender(this.processId, text))
      : Promise.reject(new Error('Redis is away'));
  }

  private receive(channel: string, message: string): void {
    const found = senderOf(message, this.processId);
    if (found === null) {
      this.echoedAtMs = this.parts.clock.nowMs();
      this.signs += channel === this.allChannel ? 1 : 0;
      return;
    }
    const { from, text } = found;
    try {
      if (channel === this.allChannel) {
        this.receiveForAll(from, decodeForAll(text));
        return;
      }
      const [kind, id = ''] = channel.slice(this.prefix.length).split(':', 2);
      if (kind === 'room') {
        this.listener.onRoom(id, decodeRoomNotice(text), from);
      } else {
        this.requests?.receive(from, decodeRequestMessage(text));
      }
    } catch (error) {
      // A newer process may say what this one does not know. Once is enough to look into it.
      this.parts.log[this.isPuzzled ? 'debug' : 'warn']({ from, err: error }, 'a notice was not understood');
      this.isPuzzled = true;
    }
  }

  private receiveForAll(from: string, message: Notice | ProcessMessage): void {
    switch (message.kind) {
      case 'alive':
        this.signs++;
        this.book.heard(from, message.version);
        if (message.asks) {
          this.sayAlive(false).catch((error: unknown) => this.failed(error));
        }
        break;
      case 'bye':
        this.book.left(from);
        break;
      case 'presence':
        this.book.changed(from, message);
        break;
      default:
        this.listener.onNotice(message);
    }
  }

  private sayAlive(asks: boolean): Promise<number> {
    const message: ProcessMessage = { kind: 'alive', version: this.version, asks };
    return this.link.commands.publish(this.allChannel, addSender(this.processId, encodeForAll(message)));
  }

  /** Writes the whole list of this process's users, and looks who else is there. */
  private async register(): Promise<void> {
    const { commands } = this.link;
    const key = this.usersKey(this.processId);
    const version = this.version;
    const writing = commands.multi().del(key);
    const users = [...this.own];
    for (let at = 0; at < users.length; at += USER_CHUNK) {
      writing.hset(key, ...users.slice(at, at + USER_CHUNK).flat());
    }
    writing.hset(key, VERSION_FIELD, version, BEAT_FIELD, this.parts.clock.nowMs());
    writing.sadd(this.processesKey, this.processId);
    await writing.exec();
    this.writtenVersion = version;
    const listed = await commands.smembers(this.processesKey);
    listed.filter((processId) => processId !== this.processId).forEach((processId) => this.book.expect(processId));
    await this.sayAlive(true);
  }

  private returned(): void {
    this.echoedAtMs = this.parts.clock.nowMs();
    this.book.forgive();
    this.sayUnsaid();
    this.listener.onReturn();
  }

  private subscribed(channels: readonly string[]): void {
    const prefix = this.channelOf('room', '');
    const rooms = channels.filter((channel) => channel.startsWith(prefix));
    if (rooms.length > 0) {
      this.listener.onListening(rooms.map((channel) => channel.slice(prefix.length)));
    }
  }

  private sayUnsaid(): void {
    const { rooms, notices } = this.unsaid.take();
    notices.forEach((notice) => this.tellAll(notice));
    rooms.forEach(([roomId, notice]) => this.announce(roomId, notice));
  }

  private beatLater(): void {
    const dueAtMs = this.parts.clock.nowMs() + BEAT_MS;
    this.beatTimer = this.parts.clock.setTimer(BEAT_MS, () => {
      this.beat(this.parts.clock.nowMs() - dueAtMs).catch((error: unknown) => this.failed(error));
      this.beatLater();
    });
  }

  private async beat(lateMs: number): Promise<void> {
    const nowMs = this.parts.clock.nowMs();
    if (!this.link.isUp) {
      this.link.joinWithin(ECHO_WITHIN_MS);
      return;
    }
    if (lateMs >= BEAT_MS) {
      // This process stood still: what came meanwhile waits to be read, and says nothing about the others.
      this.echoedAtMs = nowMs;
      this.book.forgive();
    } else if (nowMs - this.echoedAtMs > ECHO_WITHIN_MS) {
      this.link.cut('own signs of life do not come back');
      return;
    }
    this.book.sweep();
    this.sayUnsaid();
    const isNew = this.link.commands.sadd(this.processesKey, this.processId);
    const isNoted = this.link.commands.hset(this.usersKey(this.processId), BEAT_FIELD, nowMs);
    const isSaid = this.sayAlive(false);
    const [added] = await Promise.all([isNew, isNoted, isSaid]);
    // Others took this process for dead and deleted its list, or a change came between the writing and the way up.
    if (added === 1 || this.writtenVersion !== this.version) {
      await this.register();
    }
  }

  private async usersOf(processId: string): Promise<ProcessUsers | null> {
    const fields = await this.link.commands.hgetall(this.usersKey(processId));
    const version = fields[VERSION_FIELD];
    if (version === undefined) {
      return null;
    }
    const users = new Map<string, UserPresence>();
    Object.entries(fields).forEach(([field, text]) => {
      if (field !== VERSION_FIELD && field !== BEAT_FIELD) {
        users.set(field, decodePresence(text));
      }
    });
    return { version: Number(version), users };
  }

  /** Of all that notice a death one succeeds in taking the process off the list. */
  private async bury(processId: string, lastHeardMs: number): Promise<void> {
    const key = this.usersKey(processId);
    const results = await this.link.commands.multi().srem(this.processesKey, processId).hgetall(key).del(key).exec();
    const [[, removed] = [], [, fields] = []] = results ?? [];
    if (removed !== 1) {
      return;
    }
    const list = (fields ?? {}) as Record<string, string>;
    const beatMs = Number(list[BEAT_FIELD] ?? lastHeardMs);
    const userIds = Object.keys(list).filter((field) => field !== VERSION_FIELD && field !== BEAT_FIELD);
    this.parts.log.warn({ processId, users: userIds.length }, 'a process died');
    this.listener.onInherited(userIds, beatMs);
  }

  /** A command that failed: the link's own errors are told by the link, and the next beat mends the rest. */
  private failed(error: unknown): void {
    this.parts.log.debug({ reason: (error as Error).message }, 'a command to Redis failed');
  }
}
