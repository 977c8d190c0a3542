import type { FastifyInstance, FastifySchema } from 'fastify';
import type { Readiness } from './readiness';

export interface ProbeRoutesParts {
  readonly readiness: Readiness;
}

/** Where the routes are part of a documented API. */
export interface ProbeSchemas {
  readonly health?: FastifySchema;
  readonly ready?: FastifySchema;
}

/**
 * `/healthz`: the process lives and its event loop turns; nothing else is touched, so that a slow database does not make an
 * orchestrator restart servers. `/readyz`: traffic should come here; 503 with what is missing where it should not.
 */
export function addProbeRoutes(
  app: FastifyInstance,
  { readiness }: ProbeRoutesParts,
  schemas: ProbeSchemas = {},
): void {
  const { health, ready } = schemas;
  app.get('/healthz', health === undefined ? {} : { schema: health }, async () => ({ ok: true }));
  app.get('/readyz', ready === undefined ? {} : { schema: ready }, async (_request, reply) => {
    const report = await readiness.report();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
}
