import { PresenceStatus } from '../../../common/core/src/main/ets/wire/Frames';
import type { Clock, Timer } from '../ports/clock';

interface Entry {
  status: PresenceStatus.Online | PresenceStatus.Away;
  /** Null while connected; else the end of the grace time, until which the entry counts as before. */
  grace: Timer | null;
}

interface Person {
  readonly entries: Map<string, Entry>;
  /** What others were told last. */
  told: PresenceStatus;
}

export type PresenceChanged = (userId: string, status: PresenceStatus, lastSeenMs: number) => void;

/**
 * Who is online. A user is online if one of the connections is, else away if there is one, else offline. A closed
 * connection keeps counting for the grace time, or until its user connects again.
 */
export class PresenceBook {
  private readonly people = new Map<string, Person>();

  constructor(
    private readonly clock: Clock,
    private readonly graceMs: number,
    private readonly onChange: PresenceChanged,
  ) {}

  connect(userId: string, connectionId: string): void {
    const person = this.people.get(userId) ?? { entries: new Map<string, Entry>(), told: PresenceStatus.Offline };
    this.people.set(userId, person);
    person.entries.forEach((entry, id) => {
      if (entry.grace !== null) {
        entry.grace.cancel();
        person.entries.delete(id);
      }
    });
    person.entries.set(connectionId, { status: PresenceStatus.Online, grace: null });
    this.tell(userId, person, 0);
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

  /** `Offline` for everyone who is not in the book. */
  statusOf(userId: string): PresenceStatus {
    return this.people.get(userId)?.told ?? PresenceStatus.Offline;
  }

  dispose(): void {
    this.people.forEach((person) => person.entries.forEach((entry) => entry.grace?.cancel()));
    this.people.clear();
  }

  private tell(userId: string, person: Person, lastSeenMs: number): void {
    const statuses = [...person.entries.values()].map((entry) => entry.status);
    const online = statuses.includes(PresenceStatus.Online) ? PresenceStatus.Online : PresenceStatus.Away;
    const status = statuses.length === 0 ? PresenceStatus.Offline : online;
    if (status === PresenceStatus.Offline) {
      this.people.delete(userId);
    }
    if (status !== person.told) {
      person.told = status;
      this.onChange(userId, status, status === PresenceStatus.Offline ? lastSeenMs : 0);
    }
  }
}
