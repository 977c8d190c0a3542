import assert from 'node:assert/strict';
import type { Core, HttpPort, HttpRequest, HttpResponse } from '../../src/node/load-core.js';
import type { WireServer } from './wire-server.js';

/** Nothing may depend on it; a request that waits for it has failed. */
export const PATIENCE_MS = 120_000;
/** Long enough for a request to be under way on a slow machine, short for one that must run out. */
export const SHORT_MS = 1_000;

/** A GET of `path` at the server, where nothing else is said. */
export type Wanted = Partial<HttpRequest> & { path: string };

export function asked(
  core: Core,
  port: HttpPort,
  server: WireServer,
  caPath: string,
  { path, ...rest }: Wanted,
): Promise<HttpResponse> {
  return port.request({
    method: core.HttpMethod.Get,
    url: server.origin + path,
    headers: new Map(),
    body: null,
    timeoutMs: PATIENCE_MS,
    ...(server.origin.startsWith('https:') ? { tls: { caPath } } : {}),
    ...rest,
  });
}

export interface Failure {
  readonly code: string;
  readonly isRetryable: boolean;
}

/** Rejects where there is an answer. */
export async function failureOf(core: Core, answer: Promise<HttpResponse>): Promise<Failure> {
  try {
    await answer;
  } catch (error) {
    assert.ok(error instanceof core.AppError, `expected an AppError, got ${String(error)}`);
    return { code: error.code, isRetryable: error.isRetryable };
  }
  assert.fail('expected a rejection, got an answer');
}
