import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness';

export interface ProbeRoutesParts {
  readonly readiness: Readiness;
}

/**
 * `/healthz`: the process lives and its event loop turns; nothing else is touched, so that a slow database does not make an
 * orchestrator restart servers. `/readyz`: traffic should come here; 503 with what is missing where it should not.
 */
export function addProbeRoutes(app: FastifyInstance, { readiness }: ProbeRoutesParts): void {
  app.get('/healthz', async () => ({ ok: true }));
  app.get('/readyz', async (_request, reply) => {
    const report = await readiness.report();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
}
