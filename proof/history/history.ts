/** What happened in one run, as plain data: what was sent, what the server keeps, what every client applied. */

export interface SentMessage {
  readonly clientId: string;
  readonly text: string;
  /** A message that its user had to send again by hand may stand later than where it was sent first. */
  isRetried: boolean;
}

export interface LogEvent {
  readonly seq: number;
  readonly kind: string;
  readonly userId: string;
  /** Empty unless `kind` is `message`. */
  readonly clientId: string;
  readonly text: string;
}

/** One step of a client's timeline: an event came at its end or at its head, old ones were let go, all was read anew. */
export type Step =
  | { readonly step: 'appended' | 'prepended'; readonly event: LogEvent }
  | { readonly step: 'trimmed'; readonly first: number }
  | { readonly step: 'reset' };

export interface Acknowledged {
  readonly clientId: string;
  readonly seq: number;
}

/** One room as one client sent and saw it. */
export interface RoomView {
  readonly sent: SentMessage[];
  readonly steps: Step[];
  /** Own messages that were shown as sent, each time. */
  readonly acks: Acknowledged[];
  /** The confirmed rows at the end. */
  final: readonly LogEvent[];
  /** Own rows at the end that are not confirmed. */
  unconfirmed: readonly string[];
}

export interface ClientHistory {
  readonly name: string;
  readonly userId: string;
  readonly rooms: ReadonlyMap<string, RoomView>;
}

export interface History {
  /** Each room's whole log, as the server gives it at the end. */
  readonly logs: ReadonlyMap<string, readonly LogEvent[]>;
  readonly clients: readonly ClientHistory[];
}

export type Fault = 'lost' | 'doubled' | 'reordered' | 'invented';

export interface Violation {
  readonly fault: Fault;
  readonly roomId: string;
  /** Empty where the server's log is at fault. */
  readonly client: string;
  readonly text: string;
}

export function emptyView(): RoomView {
  return { sent: [], steps: [], acks: [], final: [], unconfirmed: [] };
}

export function describeViolation(violation: Violation): string {
  const where = violation.client === '' ? 'log' : violation.client;
  return `${violation.fault} in ${violation.roomId}, ${where}: ${violation.text}`;
}
