import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { type Namespace, Server } from 'socket.io';
import { until } from './until';

/** Another program of the operator, as docs/PROTOCOL.md tells it to send notices: Socket.IO's server library and its adapter as they come. */
export class NoticeBackend {
  private readonly io = new Server();
  private readonly namespaces = new Set<Namespace>();

  /** What the adapter makes of the connection and forgets: without Redis they would try for ever. */
  private readonly copies: Redis[] = [];

  private constructor(private readonly redis: Redis) {
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (override) => {
      const copy = duplicate(override);
      this.copies.push(copy);
      return copy;
    };
    this.io.adapter(createAdapter(redis, { streamName: 'parley:0:notices', blockTimeInMs: 50 }));
  }

  static start(url: string): NoticeBackend {
    const redis = new Redis(url, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    return new NoticeBackend(redis);
  }

  of(name = '/parley.notices.v1'): Namespace {
    const namespace = this.io.of(name);
    this.namespaces.add(namespace);
    return namespace;
  }

  /** Writes an entry that no library would write. */
  async write(fields: Record<string, string>): Promise<void> {
    await this.redis.xadd('parley:0:notices', '*', ...Object.entries(fields).flat());
  }

  streamLength(): Promise<number> {
    return this.redis.xlen('parley:0:notices');
  }

  /** As many servers as that read the stream now. */
  async untilRead(servers: number): Promise<void> {
    let readers = 0;
    let isAsked = false;
    await until(() => {
      if (!isAsked) {
        isAsked = true;
        void this.redis.call('client', 'list').then((list) => {
          readers = String(list).match(/name=parley-notices .*cmd=xread /g)?.length ?? 0;
          isAsked = false;
        });
      }
      return readers === servers;
    }, `${servers} servers that read notices`);
  }

  async end(): Promise<void> {
    await this.io.of('/').adapter.close();
    this.namespaces.forEach((namespace) => void namespace.adapter.close());
    [this.redis, ...this.copies].forEach((one) => one.disconnect());
  }
}
