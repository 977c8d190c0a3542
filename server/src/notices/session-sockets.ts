import type { Identity } from '../auth/auth-service';

/** Sockets beside the line that end with their session. */
export interface SessionSockets {
  sessionIds(): Iterable<string>;
  /** Their users signed out. */
  endWhere(isMeant: (identity: Identity) => boolean): void;
}
