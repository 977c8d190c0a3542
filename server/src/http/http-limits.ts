/** Limits of HTTP connections, before anything of a request is understood. Source: docs/PROTOCOL.md, "Limits". */
export interface HttpLimits {
  /** The whole head of a request must be there in this time; else 408. */
  readonly headersTimeoutMs: number;
  /** The whole request, its body included; else 408. Long enough for the largest file over a slow line. */
  readonly requestTimeoutMs: number;
  /** How often connections are looked through for late ones. */
  readonly checkIntervalMs: number;
  /** Connections of this process, whatever they carry; more are closed at once. */
  readonly maxConnections: number;
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 300_000,
  checkIntervalMs: 5000,
  maxConnections: 20_000,
};
