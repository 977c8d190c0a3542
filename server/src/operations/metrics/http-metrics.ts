import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';

const ANSWER_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The pattern and never the URL: there are few patterns, and a URL can hold anything. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

/** Requests by route and status. Source of the names: docs/OPERATIONS.md, "Metrics". */
export class HttpMetrics {
  private readonly requests: Counter<'method' | 'route' | 'status'>;
  private readonly answers: Histogram<'method' | 'route'>;

  constructor(registry: Registry) {
    this.requests = new Counter({
      name: 'parley_http_requests_total',
      help: 'Answered HTTP requests by route pattern and status.',
      labelNames: ['method', 'route', 'status'],
      registers: [registry],
    });
    this.answers = new Histogram({
      name: 'parley_http_request_seconds',
      help: 'From a request to the end of its answer; of streams and polls their whole life.',
      labelNames: ['method', 'route'],
      buckets: ANSWER_BUCKETS_S,
      registers: [registry],
    });
  }

  watch(app: FastifyInstance): void {
    app.addHook('onResponse', async (request, reply) => {
      const method = METHODS.has(request.method) ? request.method : 'other';
      const route = routeOf(request);
      this.requests.inc({ method, route, status: String(reply.statusCode) });
      this.answers.observe({ method, route }, reply.elapsedTime / 1000);
    });
  }
}
