import { PresenceStatus } from '../../../common/core/src/main/ets/wire/Frames';
import type { Clock, Timer } from '../ports/clock';

interface Entry {
  /** A connection of this process; else all of another process's together. */
  readonly isOwn: boolean;
  status: PresenceStatus.Online | PresenceStatus.Away;
  /** Null while connected; else the end of the grace time, until which the entry counts as before. */
  grace: Timer | null;
}

interface Person {
  readonly entries: Map<string, Entry>;
  /** What others were told last. */
  told: PresenceStatus;
  /** What other processes were told last: the status by the connections of this process alone. */
  toldAbroad: PresenceStatus;
  /** The newest of what was said when a connection went. */
  lastSeenMs: number;
}

export type PresenceChanged = (userId: string, status: PresenceStatus, lastSeenMs: number) => void;

function statusIn(entries: readonly Entry[]): PresenceStatus {
  if (entries.length === 0) {
    return PresenceStatus.Offline;
  }
  const isOnline = entries.some((entry) => entry.status === PresenceStatus.Online);
  return isOnline ? PresenceStatus.Online : PresenceStatus.Away;
}

/**
 * Who is online. A user is online if one of the connections is, else away if there is one, else offline. A closed
 * connection keeps counting for the grace time, or until its user connects again. Another process counts as one more
 * connection of each of its users; the grace time of its connections is its own business.
 */
export class PresenceBook {
  private readonly people = new Map<string, Person>();

  constructor(
    private readonly clock: Clock,
    private readonly graceMs: number,
    private readonly onChange: PresenceChanged,
    /** The same by the connections of this process alone; before `onChange`. */
    private readonly onOwnChange: PresenceChanged = () => undefined,
  ) {}

  connect(userId: string, connectionId: string): void {
    this.enter(userId, connectionId, { isOwn: true, status: PresenceStatus.Online, grace: null });
  }

  /** What another process says of a user. */
  setAbroad(userId: string, processId: string, status: Entry['status']): void {
    this.enter(userId, processId, { isOwn: false, status, grace: null });
  }

  /** The user is connected to that process no more, since `lastSeenMs`. */
  dropAbroad(userId: string, processId: string, lastSeenMs: number): void {
    const person = this.people.get(userId);
    const entry = person?.entries.get(processId);
    if (person !== undefined && entry !== undefined) {
      entry.grace?.cancel();
      person.entries.delete(processId);
      this.tell(userId, person, lastSeenMs);
    }
  }

  set(userId: string, connectionId: string, status: PresenceStatus): void {
    const person = this.people.get(userId);
    const entry = person?.entries.get(connectionId);
    if (person === undefined || entry === undefined || entry.grace !== null || status === PresenceStatus.Offline) {
      return;
    }
    entry.status = status;
    this.tell(userId, person, 0);
  }

  disconnect(userId: string, connectionId: string): void {
    const person = this.people.get(userId);
    const entry = person?.entries.get(connectionId);
    if (person === undefined || entry === undefined || entry.grace !== null) {
      return;
    }
    const lastSeenMs = this.clock.nowMs();
    entry.grace = this.clock.setTimer(this.graceMs, () => {
      person.entries.delete(connectionId);
      this.tell(userId, person, lastSeenMs);
    });
  }

  /** By the connections of this process alone, as other processes were told. */
  ownStatusOf(userId: string): PresenceStatus {
    return this.people.get(userId)?.toldAbroad ?? PresenceStatus.Offline;
  }

  /** `Offline` for everyone who is not in the book. */
  statusOf(userId: string): PresenceStatus {
    return this.people.get(userId)?.told ?? PresenceStatus.Offline;
  }

  dispose(): void {
    this.people.forEach((person) => person.entries.forEach((entry) => entry.grace?.cancel()));
    this.people.clear();
  }

  private enter(userId: string, id: string, entry: Entry): void {
    const person = this.people.get(userId) ?? {
      entries: new Map<string, Entry>(),
      told: PresenceStatus.Offline,
      toldAbroad: PresenceStatus.Offline,
      lastSeenMs: 0,
    };
    this.people.set(userId, person);
    person.entries.forEach((other, otherId) => {
      if (other.grace !== null) {
        other.grace.cancel();
        person.entries.delete(otherId);
      }
    });
    person.entries.set(id, entry);
    this.tell(userId, person, entry.isOwn ? 0 : this.clock.nowMs());
  }

  private tell(userId: string, person: Person, lastSeenMs: number): void {
    const entries = [...person.entries.values()];
    const ownStatus = statusIn(entries.filter((entry) => entry.isOwn));
    const status = statusIn(entries);
    person.lastSeenMs = Math.max(person.lastSeenMs, lastSeenMs);
    if (status === PresenceStatus.Offline) {
      this.people.delete(userId);
    }
    if (ownStatus !== person.toldAbroad) {
      person.toldAbroad = ownStatus;
      this.onOwnChange(userId, ownStatus, ownStatus === PresenceStatus.Offline ? lastSeenMs : 0);
    }
    if (status !== person.told) {
      person.told = status;
      this.onChange(userId, status, status === PresenceStatus.Offline ? person.lastSeenMs : 0);
    }
  }
}
