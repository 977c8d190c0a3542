import type { Connection } from './connection';

interface Person {
  readonly connections: Set<Connection>;
  readonly roomIds: Set<string>;
}

/** Which open connection gets the events of which room. Follows the log: changed only where its events are published. */
export class Roster {
  private readonly people = new Map<string, Person>();
  private readonly rooms = new Map<string, Set<Connection>>();

  /** `onDeserted`: the last connection that listened to the room is gone. */
  constructor(private readonly onDeserted: (roomId: string) => void = () => undefined) {}

  /** `roomIds` are all rooms of the user, as just read from the store. */
  add(connection: Connection, userId: string, roomIds: readonly string[]): void {
    const person = this.people.get(userId) ?? { connections: new Set<Connection>(), roomIds: new Set<string>() };
    this.people.set(userId, person);
    if (person.connections.size === 0) {
      // What is known of someone without a connection here may be old.
      person.roomIds.clear();
    }
    person.connections.add(connection);
    roomIds.forEach((roomId) => {
      person.roomIds.add(roomId);
      this.listenersOf(roomId).add(connection);
    });
  }

  /** The user's rooms stay known until `forget`: who shares them must hear that the user went offline. */
  remove(connection: Connection, userId: string): void {
    const person = this.people.get(userId);
    person?.connections.delete(connection);
    person?.roomIds.forEach((roomId) => this.dropListener(roomId, connection));
  }

  /** The rooms of someone who is connected to other processes only; of one who is connected here they are known already. */
  know(userId: string, roomIds: Iterable<string>): void {
    const person = this.people.get(userId);
    if (person === undefined || person.connections.size === 0) {
      this.people.set(userId, { connections: new Set(), roomIds: new Set(roomIds) });
    }
  }

  /** Users with a connection here. */
  get connectedIds(): string[] {
    return [...this.people].filter(([, person]) => person.connections.size > 0).map(([userId]) => userId);
  }

  roomsOf(userId: string): ReadonlySet<string> {
    return this.people.get(userId)?.roomIds ?? new Set();
  }

  /** Only for a user without connections. */
  forget(userId: string): void {
    this.people.delete(userId);
  }

  enterRoom(userId: string, roomId: string): void {
    const person = this.people.get(userId);
    person?.roomIds.add(roomId);
    person?.connections.forEach((connection) => this.listenersOf(roomId).add(connection));
  }

  leaveRoom(userId: string, roomId: string): void {
    const person = this.people.get(userId);
    person?.roomIds.delete(roomId);
    person?.connections.forEach((connection) => this.dropListener(roomId, connection));
  }

  isInRoom(userId: string, roomId: string): boolean {
    return this.people.get(userId)?.roomIds.has(roomId) ?? false;
  }

  connectionsOf(userId: string): ReadonlySet<Connection> {
    return this.people.get(userId)?.connections ?? new Set();
  }

  /** The connections of all members of a room. */
  inRoom(roomId: string): ReadonlySet<Connection> {
    return this.rooms.get(roomId) ?? new Set();
  }

  /** Each connection once that has a room in common with the user. */
  sharingWith(userId: string): ReadonlySet<Connection> {
    const all = new Set<Connection>();
    this.people.get(userId)?.roomIds.forEach((roomId) => {
      this.rooms.get(roomId)?.forEach((connection) => all.add(connection));
    });
    return all;
  }

  private listenersOf(roomId: string): Set<Connection> {
    const listeners = this.rooms.get(roomId) ?? new Set<Connection>();
    this.rooms.set(roomId, listeners);
    return listeners;
  }

  private dropListener(roomId: string, connection: Connection): void {
    const listeners = this.rooms.get(roomId);
    listeners?.delete(connection);
    if (listeners?.size === 0) {
      this.rooms.delete(roomId);
      this.onDeserted(roomId);
    }
  }
}
