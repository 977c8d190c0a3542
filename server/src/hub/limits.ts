/** Limits of a connection and of a user. Source: docs/PROTOCOL.md, "Limits" and "Connecting". */
export interface HubLimits {
  readonly helloTimeoutMs: number;
  /** Bytes of unread output that nobody asked for; above it the connection is closed with 4413. */
  readonly maxUnreadBytes: number;
  /** The bad frame that exceeds this number within a minute closes the connection with 4429. */
  readonly badFramesPerMinute: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Commands of any kind of one connection; above it the server looks at the next one later, and reads more slowly. */
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  readonly uploadsPerSecond: number;
  readonly uploadBurst: number;
  readonly searchesPerSecond: number;
  readonly searchBurst: number;
}

export const DEFAULT_HUB_LIMITS: HubLimits = {
  helloTimeoutMs: 10_000,
  maxUnreadBytes: 1024 * 1024,
  badFramesPerMinute: 19,
  messagesPerSecond: 20,
  messageBurst: 60,
  commandsPerSecond: 100,
  commandBurst: 300,
  uploadsPerSecond: 1,
  uploadBurst: 30,
  searchesPerSecond: 5,
  searchBurst: 30,
};
