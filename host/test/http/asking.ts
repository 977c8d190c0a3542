import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { loadCore, loadPlatform } from '../../src/node/load-core.js';
import type { Core, HttpPort, HttpRequest, HttpResponse } from '../../src/node/load-core.js';
import type { useCertificates } from './certificate.js';
import { WireServer, type Wire } from './wire-server.js';

/** Nothing may depend on it; a request that waits for it has failed. */
export const PATIENCE_MS = 120_000;
/** Long enough for a request to be under way on a slow machine, short for one that must run out. */
export const SHORT_MS = 1_000;

/** A GET of `path` at the server, where nothing else is said. */
export type Wanted = Partial<HttpRequest> & { path: string };

export type PortName = 'KitHttp' | 'AxiosHttp';

/** One adapter and one server that it asks; made before the tests of a suite and closed after them. */
export class PortBench {
  core!: Core;
  port!: HttpPort;
  server!: WireServer;

  constructor(
    name: PortName,
    wire: Wire,
    private readonly certificates: ReturnType<typeof useCertificates>,
  ) {
    before(async () => {
      this.core = await loadCore();
      this.port = new (await loadPlatform())[name]();
      this.server = await WireServer.start(wire, certificates);
    });
    after(() => this.server.close());
  }

  ask({ path, ...rest }: Wanted): Promise<HttpResponse> {
    const { origin } = this.server;
    return this.port.request({
      method: this.core.HttpMethod.Get,
      url: origin + path,
      headers: new Map(),
      body: null,
      timeoutMs: PATIENCE_MS,
      ...(origin.startsWith('https:') ? { tls: { caPath: this.certificates.caPath } } : {}),
      ...rest,
    });
  }

  failure(wanted: Wanted): Promise<Failure> {
    return failureOf(this.core, this.ask(wanted));
  }
}

export interface Failure {
  readonly code: string;
  readonly isRetryable: boolean;
}

/** Rejects where there is an answer. */
async function failureOf(core: Core, answer: Promise<HttpResponse>): Promise<Failure> {
  try {
    await answer;
  } catch (error) {
    assert.ok(error instanceof core.AppError, `expected an AppError, got ${String(error)}`);
    return { code: error.code, isRetryable: error.isRetryable };
  }
  assert.fail('expected a rejection, got an answer');
}
