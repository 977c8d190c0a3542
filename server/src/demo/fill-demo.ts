import { nameKey } from '../auth/names';
import type { Passwords } from '../auth/passwords';
import type { Clock } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import type { LogCommand, Store } from '../store/store';
import { DEMO_PASSWORD, DEMO_ROOMS, DEMO_USERS, type DemoRoom, type DemoUser } from './demo-content';

export interface DemoParts {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly ids: IdMaker;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;

async function demoUser(parts: DemoParts, userName: DemoUser): Promise<string> {
  const { store, passwords, ids, clock } = parts;
  const known = await store.findUserByNameKey(nameKey(userName));
  if (known !== null) {
    return known.userId;
  }
  const userId = ids.make('u');
  const passwordHash = await passwords.hash(DEMO_PASSWORD);
  await store.createUser({ userId, userName, nameKey: nameKey(userName), passwordHash, createdAtMs: clock.nowMs() });
  return userId;
}

/** The whole room as one list of commands: the first is refused where the room exists, and then none is sent. */
async function fillRoom(parts: DemoParts, room: DemoRoom, userIds: ReadonlyMap<DemoUser, string>): Promise<void> {
  const { store, ids, clock } = parts;
  const nowMs = clock.nowMs();
  const roomId = ids.make('r');
  const idOf = (user: DemoUser): string => userIds.get(user) ?? '';
  const [creator, ...others] = room.members;
  const oldest = room.lines[0];
  if (creator === undefined || oldest === undefined) {
    return;
  }
  const startMs = nowMs - (oldest.minutesAgo + 5) * MINUTE_MS;
  const created = await store.commit([
    {
      kind: 'create',
      roomId,
      name: room.name,
      nameKey: nameKey(room.name),
      epoch: ids.make('e'),
      userId: idOf(creator),
      atMs: startMs,
    },
  ]);
  if (created[0]?.status !== 'applied') {
    return;
  }
  const joins = others.map((user): LogCommand => ({ kind: 'join', roomId, userId: idOf(user), atMs: startMs }));
  const messages = room.lines.map((line, index): LogCommand => ({
    kind: 'message',
    roomId,
    userId: idOf(line.from),
    clientId: `demo_${String(index).padStart(4, '0')}`,
    text: line.text,
    atMs: nowMs - line.minutesAgo * MINUTE_MS,
  }));
  await store.commit([...joins, ...messages]);
  await store.recordSeen(new Map(room.lines.map((line) => [idOf(line.from), nowMs - line.minutesAgo * MINUTE_MS])));
}

/** Makes what is missing of the demo; what people did to it since then stays. */
export async function fillDemo(parts: DemoParts): Promise<void> {
  const userIds = new Map<DemoUser, string>();
  for (const user of DEMO_USERS) {
    userIds.set(user, await demoUser(parts, user));
  }
  for (const room of DEMO_ROOMS) {
    await fillRoom(parts, room, userIds);
  }
}
