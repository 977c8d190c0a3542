import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { SettingError } from '../settings';
import type { ServerMetrics } from './metrics/server-metrics';
import { addProbeRoutes } from './probe-routes';
import type { Readiness } from './readiness';

export interface OperationsServerParts {
  readonly readiness: Readiness;
  readonly metrics: ServerMetrics;
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
}

/**
 * `/metrics`, `/healthz` and `/readyz` on an address of their own: numbers about a server are nobody's business but its
 * operator's, so they are never on the port that the world sees.
 */
export class OperationsServer {
  private readonly app: FastifyInstance;

  constructor(private readonly parts: OperationsServerParts) {
    const { readiness, metrics } = parts;
    this.app = fastify({ forceCloseConnections: true });
    addProbeRoutes(this.app, { readiness });
    this.app.get('/metrics', async (_request, reply) =>
      reply.header('Content-Type', metrics.contentType).send(await metrics.text()),
    );
  }

  /** Throws `SettingError`. */
  async listen(): Promise<void> {
    const { host, port } = this.parts;
    try {
      await this.app.listen({ host, port });
    } catch (error) {
      const expected = 'an address of this machine and a port that is free';
      throw new SettingError('METRICS_HOST, METRICS_PORT', expected, (error as Error).message);
    }
  }

  /** Null before `listen`. Its port is never 0. */
  get address(): { readonly host: string; readonly port: number } | null {
    const address = this.app.server.address() as AddressInfo | null;
    return address === null ? null : { host: this.parts.host, port: address.port };
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
