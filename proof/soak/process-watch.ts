import type { ChildServer } from '../../server/test/support/child-server.js';
import { Inspector } from './inspector.js';

/** One server process at one moment. Counts are since its start. */
export interface Sample {
  readonly atMs: number;
  readonly rssBytes: number;
  /** Of living objects: after a full collection. */
  readonly heapBytes: number;
  /** 99 of 100 turns of the event loop since the last sample were not later than this. */
  readonly lagP99Ms: number;
  readonly messages: number;
  readonly opened: number;
  readonly closed: number;
}

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

/** A server process, looked at from outside: by its metrics, and by its debugger's way in for what only a collection tells. */
export class ProcessWatch {
  readonly samples: Sample[] = [];

  private constructor(
    private readonly server: ChildServer,
    private readonly inspector: Inspector,
  ) {}

  static async of(server: ChildServer): Promise<ProcessWatch> {
    return new ProcessWatch(server, await Inspector.of(server.stderr));
  }

  async sample(): Promise<void> {
    const metrics = await this.scrape();
    await this.inspector.collectGarbage();
    const memory = (await this.inspector.evaluate('process.memoryUsage()')) as Memory;
    this.samples.push({
      atMs: performance.now(),
      rssBytes: memory.rss,
      heapBytes: memory.heapUsed,
      lagP99Ms: sumOf(metrics, 'nodejs_eventloop_lag_p99_seconds') * 1000,
      messages: sumOf(metrics, 'parley_commands_applied_total', 'kind="message"'),
      opened: sumOf(metrics, 'parley_connections_opened_total'),
      closed: sumOf(metrics, 'parley_connections_closed_total'),
    });
    // Begins the lag anew: that of the collection is not the server's.
    await this.scrape();
  }

  close(): Promise<void> {
    return this.inspector.close();
  }

  private async scrape(): Promise<string> {
    const reply = await fetch(this.server.metricsUrl);
    return reply.text();
  }
}

/** Of all series of a metric, or of those with a label. */
function sumOf(metrics: string, name: string, label = ''): number {
  return metrics
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
