import type { FastifyInstance } from 'fastify';
import { Gauge, Registry } from 'prom-client';
import type { Readiness } from '../readiness';
import { HttpMetrics } from './http-metrics';
import { HubMetrics, type HubState } from './hub-metrics';
import { NetworkMetrics } from './network-metrics';
import { StoreMetrics } from './store-metrics';

export interface WatchedParts {
  readonly app: FastifyInstance;
  readonly hub: HubState;
  readonly readiness: Readiness;
}

/** Everything that one server counts, in a registry of its own: several servers of one process stay apart. */
export class ServerMetrics {
  readonly hub: HubMetrics;
  readonly store: StoreMetrics;
  private readonly registry = new Registry();
  private readonly http: HttpMetrics;
  private readonly network: NetworkMetrics;

  /** `ofProcess` is what belongs to the process and not to the server: memory, processor, event loop. */
  constructor(
    private readonly ofProcess: Registry | null,
    nowMs: () => number = () => performance.now(),
  ) {
    this.hub = new HubMetrics(this.registry, nowMs);
    this.store = new StoreMetrics(this.registry, nowMs);
    this.http = new HttpMetrics(this.registry);
    this.network = new NetworkMetrics(this.registry);
  }

  /** Before `app` listens. */
  watch({ app, hub, readiness }: WatchedParts): void {
    this.http.watch(app);
    this.network.watch(app.server);
    this.hub.watch(this.registry, hub);
    new Gauge({
      name: 'parley_ready',
      help: '1 where /readyz answers 200, else 0.',
      registers: [this.registry],
      async collect() {
        this.set((await readiness.report()).ready ? 1 : 0);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All values as Prometheus reads them. */
  async text(): Promise<string> {
    const texts = [this.registry.metrics(), this.ofProcess?.metrics() ?? ''];
    return (await Promise.all(texts)).filter((text) => text !== '').join('\n');
  }
}
