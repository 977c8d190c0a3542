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
  /** Messages of all members of one room together. */
  readonly roomMessagesPerSecond: number;
  readonly roomMessageBurst: number;
  readonly createsPerSecond: number;
  readonly createBurst: number;
  /** Joining and leaving. */
  readonly joinsPerSecond: number;
  readonly joinBurst: number;
  readonly uploadBytesPerDay: number;
  /** Sign-ins under one user name that failed; above it also the right password is refused for a while. */
  readonly signInFailuresPerHour: number;
  /** Rooms that one user is in: `welcome` holds all of them. */
  readonly maxRoomsPerUser: number;
  /** Of this process, whatever carries them. */
  readonly maxConnectionsPerUser: number;
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
  roomMessagesPerSecond: 2000,
  roomMessageBurst: 10_000,
  createsPerSecond: 1,
  createBurst: 100,
  joinsPerSecond: 5,
  joinBurst: 300,
  uploadBytesPerDay: 1024 * 1024 * 1024,
  signInFailuresPerHour: 50,
  maxRoomsPerUser: 1000,
  maxConnectionsPerUser: 100,
};
