import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AccessTokens } from '../../../server/src/auth/access-tokens';
import { SystemClock } from '../../../server/src/ports/clock';
import { IdMaker, systemRandom } from '../../../server/src/ports/ids';
import { DATABASE_FILE } from '../../../server/src/store/open-store';
import { SqliteStore } from '../../../server/src/store/sqlite/sqlite-store';
import type { SessionTokens } from '../../../common/core/src/main/ets/wire/HttpBodies';

export interface Seat {
  readonly roomId: string;
  readonly tokens: SessionTokens;
}

/** How many rooms of how many members. */
export interface Shape {
  readonly rooms: number;
  readonly membersPerRoom: number;
}

const HOUR_MS = 3_600_000;
const clock = new SystemClock();
const ids = new IdMaker(systemRandom);

/** Where a file can be filled without waiting for a disk; the folder of the data where there is no such place. */
function fillingPlace(dataDir: string): string {
  return existsSync('/dev/shm') ? mkdtempSync('/dev/shm/parley-bench-') : dataDir;
}

/**
 * Users, sessions and rooms, straight into the store of a folder: hashing passwords for hundreds of users would take longer
 * than the bench. `secret` signs the access tokens.
 */
export async function fill(shape: Shape, dataDir: string, secret: string): Promise<Seat[][]> {
  const { rooms, membersPerRoom } = shape;
  const place = fillingPlace(dataDir);
  const store = new SqliteStore(join(place, DATABASE_FILE));
  const accessTokens = new AccessTokens(secret, HOUR_MS, clock);
  const seats: Seat[][] = [];
  for (let r = 0; r < rooms; r++) {
    const roomId = ids.make('r');
    const members: Seat[] = [];
    for (let m = 0; m < membersPerRoom; m++) {
      const [userId, sessionId] = [ids.make('u'), ids.make('s')];
      const userName = `Member ${r}-${m}`;
      const atMs = clock.nowMs();
      const refreshExpiresAtMs = atMs + HOUR_MS;
      await store.createUser({ userId, userName, nameKey: userName, passwordHash: '-', createdAtMs: atMs });
      await store.createSession({
        sessionId,
        userId,
        refreshHash: sessionId,
        refreshExpiresAtMs,
        createdAtMs: atMs,
        device: '',
      });
      const { token, expiresAtMs } = await accessTokens.sign(userId, sessionId);
      const tokens = {
        userId,
        userName,
        accessToken: token,
        accessExpiresAtMs: expiresAtMs,
        refreshToken: sessionId,
        refreshExpiresAtMs,
      };
      members.push({ roomId, tokens });
    }
    const [founder, ...others] = members.map(({ tokens }) => tokens.userId);
    const [name, atMs] = [`Room ${r}`, clock.nowMs()];
    await store.commit([
      { kind: 'create', roomId, name, nameKey: name, epoch: ids.make('e'), userId: founder as string, atMs },
      ...others.map((userId) => ({ kind: 'join', roomId, userId, atMs }) as const),
    ]);
    seats.push(members);
  }
  await store.close();
  if (place !== dataDir) {
    copyFileSync(join(place, DATABASE_FILE), join(dataDir, DATABASE_FILE));
    rmSync(place, { recursive: true, force: true });
  }
  return seats;
}
