import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { AccessTokens } from '../../../server/src/auth/access-tokens';
import { SystemClock } from '../../../server/src/ports/clock';
import { IdMaker, systemRandom } from '../../../server/src/ports/ids';
import { type Environment, readSettings } from '../../../server/src/settings';
import { DATABASE_FILE, openStore } from '../../../server/src/store/open-store';
import type { Store } from '../../../server/src/store/store';
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

/** What the members of a place and its servers have in common. */
export interface Place {
  /** Signs the access tokens. */
  readonly secret: string;
  /** Where SQLite keeps everything; with a database elsewhere each server has a folder of its own. */
  readonly dataDir?: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
}

/** The environment of a server of the place. */
export function environmentOf({ secret, dataDir, databaseUrl, redisUrl }: Place, ownDir: string): Environment {
  return {
    PORT: '0',
    LOG_LEVEL: 'silent',
    TOKEN_SECRET: secret,
    DATA_DIR: dataDir ?? ownDir,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
  };
}

const HOUR_MS = 3_600_000;
const clock = new SystemClock();
const ids = new IdMaker(systemRandom);

/**
 * Opens the store of the place for filling: a file where that waits for no disk, and `close` puts it where it belongs.
 */
async function openForFilling(place: Place): Promise<{ store: Store; close: () => Promise<void> }> {
  const { dataDir } = place;
  const fastDir = dataDir !== undefined && existsSync('/dev/shm') ? mkdtempSync('/dev/shm/parley-bench-') : null;
  const settings = readSettings(environmentOf(fastDir === null ? place : { ...place, dataDir: fastDir }, tmpdir()));
  const store = await openStore(settings, pino({ level: 'silent' }));
  return {
    store,
    async close() {
      await store.close();
      if (fastDir !== null && dataDir !== undefined) {
        copyFileSync(join(fastDir, DATABASE_FILE), join(dataDir, DATABASE_FILE));
        rmSync(fastDir, { recursive: true, force: true });
      }
    },
  };
}

/** Users, sessions and rooms, straight into the store: hashing passwords for hundreds of users would take longer than the bench. */
export async function fill({ rooms, membersPerRoom }: Shape, place: Place): Promise<Seat[][]> {
  const { store, close } = await openForFilling(place);
  const accessTokens = new AccessTokens(place.secret, HOUR_MS, clock);
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
  await close();
  return seats;
}
