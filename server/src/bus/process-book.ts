import type { Clock } from '../ports/clock';
import type { UserPresence } from './bus';

/** A process from which nothing was heard for this long is dead. Four signs of life go missing before. */
export const PROCESS_SILENT_MS = 8000;

/** Changes that wait while a process's users are read; beyond it they are read once more instead. */
const MAX_HELD_CHANGES = 1000;

export interface PresenceChange {
  /** The sender's changes are numbered without holes: who misses one reads all of its users again. */
  readonly version: number;
  readonly userId: string;
  readonly presence: UserPresence | null;
  readonly lastSeenMs: number;
}

/** The users of one process as it keeps them for others to read. */
export interface ProcessUsers {
  readonly version: number;
  readonly users: ReadonlyMap<string, UserPresence>;
}

export interface ProcessBookParts {
  readonly clock: Clock;
  /** Null where the process has no list: then it was taken for dead and will say again who is there. */
  read(processId: string): Promise<ProcessUsers | null>;
  onPresence(processId: string, userId: string, presence: UserPresence | null, lastSeenMs: number): void;
  onGoodbye(processId: string, userIds: readonly string[]): void;
  /** Its users were dropped already. */
  onDead(processId: string, lastHeardMs: number): void;
}

interface Neighbour {
  lastHeardMs: number;
  /** Of what `users` holds; -1 where they were not read yet. */
  version: number;
  readonly users: Set<string>;
  /** Null while nothing is being read. */
  held: PresenceChange[] | null;
}

/** The other processes: which live, and who is connected to them. Sees only what it is told; asks the clock, not the network. */
export class ProcessBook {
  private readonly neighbours = new Map<string, Neighbour>();

  constructor(private readonly parts: ProcessBookParts) {}

  get processIds(): string[] {
    return [...this.neighbours.keys()];
  }

  /** Any sign of a process that is listed somewhere: it has the usual time to say that it lives. */
  expect(processId: string): void {
    this.neighbourOf(processId);
  }

  heard(processId: string, version: number): void {
    const neighbour = this.neighbourOf(processId);
    neighbour.lastHeardMs = this.parts.clock.nowMs();
    if (neighbour.version !== version && neighbour.held === null) {
      this.readAgain(processId, neighbour);
    }
  }

  changed(processId: string, change: PresenceChange): void {
    const neighbour = this.neighbourOf(processId);
    neighbour.lastHeardMs = this.parts.clock.nowMs();
    if (neighbour.held !== null) {
      if (neighbour.held.length < MAX_HELD_CHANGES) {
        neighbour.held.push(change);
      }
    } else {
      this.take(processId, neighbour, change);
    }
  }

  left(processId: string): void {
    const neighbour = this.neighbours.get(processId);
    if (neighbour !== undefined) {
      this.neighbours.delete(processId);
      this.parts.onGoodbye(processId, [...neighbour.users]);
    }
  }

  /** Time in which nobody could be heard counts for nobody. */
  forgive(): void {
    const nowMs = this.parts.clock.nowMs();
    this.neighbours.forEach((neighbour) => {
      neighbour.lastHeardMs = nowMs;
    });
  }

  /** Drops the processes that are silent for too long. */
  sweep(): void {
    const nowMs = this.parts.clock.nowMs();
    this.neighbours.forEach((neighbour, processId) => {
      if (nowMs - neighbour.lastHeardMs >= PROCESS_SILENT_MS) {
        this.neighbours.delete(processId);
        neighbour.users.forEach((userId) => this.parts.onPresence(processId, userId, null, neighbour.lastHeardMs));
        this.parts.onDead(processId, neighbour.lastHeardMs);
      }
    });
  }

  private neighbourOf(processId: string): Neighbour {
    const known = this.neighbours.get(processId);
    if (known !== undefined) {
      return known;
    }
    const neighbour: Neighbour = {
      lastHeardMs: this.parts.clock.nowMs(),
      version: -1,
      users: new Set(),
      held: null,
    };
    this.neighbours.set(processId, neighbour);
    return neighbour;
  }

  private take(processId: string, neighbour: Neighbour, change: PresenceChange): void {
    if (change.version <= neighbour.version) {
      return;
    }
    if (change.version !== neighbour.version + 1) {
      this.readAgain(processId, neighbour);
      return;
    }
    neighbour.version = change.version;
    this.note(processId, neighbour, change.userId, change.presence, change.lastSeenMs);
  }

  private readAgain(processId: string, neighbour: Neighbour): void {
    neighbour.held = [];
    this.parts.read(processId).then(
      (found) => this.replace(processId, neighbour, found),
      () => {
        // Away: the next sign of life asks again.
        neighbour.held = null;
        neighbour.version = -1;
      },
    );
  }

  private replace(processId: string, neighbour: Neighbour, found: ProcessUsers | null): void {
    const held = neighbour.held ?? [];
    neighbour.held = null;
    if (this.neighbours.get(processId) !== neighbour) {
      return;
    }
    if (found === null) {
      neighbour.version = -1;
      return;
    }
    neighbour.version = found.version;
    const nowMs = this.parts.clock.nowMs();
    [...neighbour.users]
      .filter((userId) => !found.users.has(userId))
      .forEach((userId) => this.note(processId, neighbour, userId, null, nowMs));
    found.users.forEach((presence, userId) => this.note(processId, neighbour, userId, presence, 0));
    held.forEach((change) => {
      if (neighbour.held === null) {
        this.take(processId, neighbour, change);
      }
    });
  }

  private note(
    processId: string,
    neighbour: Neighbour,
    userId: string,
    presence: UserPresence | null,
    lastSeenMs: number,
  ): void {
    if (presence === null) {
      neighbour.users.delete(userId);
    } else {
      neighbour.users.add(userId);
    }
    this.parts.onPresence(processId, userId, presence, lastSeenMs);
  }
}
