/** What is worth to be known afterwards, by who looks for the trace of an attack. */
export type AuditName =
  | 'sign-up'
  | 'sign-in'
  | 'sign-out'
  | 'refresh'
  /** A refresh token that was used up came again: somebody has a copy. */
  | 'refresh-reuse'
  /** By the operator, as the next two. */
  | 'password-change'
  | 'user-disabled'
  | 'user-enabled'
  /** By another session of its user, or by the operator. */
  | 'session-ended'
  | 'room-created'
  | 'room-joined'
  | 'room-left'
  /** Refused by a limit; `detail` says where. */
  | 'limited'
  /** Of a room, by the operator. */
  | 'export'
  | 'import';

export interface AuditEvent {
  readonly event: AuditName;
  readonly outcome: 'done' | 'refused';
  /** Empty or absent where it is not known, as each field below. */
  readonly userId?: string;
  readonly sessionId?: string;
  readonly roomId?: string;
  /** The other end, as far as the proxies in TRUST_PROXY are to be believed. */
  readonly address?: string;
  /** An error code or the pattern of a route: a word of the program, nothing that came from outside. */
  readonly detail?: string;
}

/** Takes note. Never throws, and never holds a token, a password, a name or a text. */
export interface Audit {
  record(event: AuditEvent): void;
}

export const NO_AUDIT: Audit = { record: () => undefined };

/** `detail` of what the operator did on the command line. */
export const BY_COMMAND = 'command';

/** On stdout instead of in a file. */
export const AUDIT_TO_STDOUT = '-';
