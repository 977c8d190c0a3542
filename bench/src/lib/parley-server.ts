/** Child process: the real Parley server with users, sessions and rooms that are there already. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { AccessTokens } from '../../../server/src/auth/access-tokens';
import { SystemClock } from '../../../server/src/ports/clock';
import { IdMaker, systemRandom } from '../../../server/src/ports/ids';
import { createServer } from '../../../server/src/server';
import { DATABASE_FILE } from '../../../server/src/store/open-store';
import { readSettings } from '../../../server/src/settings';
import { SqliteStore } from '../../../server/src/store/sqlite/sqlite-store';
import type { SessionTokens } from '../../../common/core/src/main/ets/wire/HttpBodies';
import { type Load, Meter } from './meter';
import { serve } from './processes';
import { settledRss } from './settled-rss';

export interface Seat {
  readonly roomId: string;
  readonly tokens: SessionTokens;
}

export interface ParleyPlace {
  readonly port: number;
  /** For each room, one seat for each member. */
  readonly seats: readonly (readonly Seat[])[];
}

export interface ParleyOrder {
  readonly rooms: number;
  readonly membersPerRoom: number;
  /** One member may say as much as the peers let theirs: the limits are asked at each message, and never reached. */
  readonly isUnlimited?: boolean;
}

const HOUR_MS = 3_600_000;
const ENDLESS = 1_000_000_000;
const UNLIMITED = {
  messagesPerSecond: ENDLESS,
  messageBurst: ENDLESS,
  commandsPerSecond: ENDLESS,
  commandBurst: ENDLESS,
};
const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const secret = Buffer.from(systemRandom(48)).toString('base64url');
const clock = new SystemClock();
const ids = new IdMaker(systemRandom);
const meter = new Meter();
let close: () => Promise<void> = () => Promise.resolve();

/** Where a file can be filled without waiting for a disk; the folder of the data where there is no such place. */
function fillingPlace(): string {
  return existsSync('/dev/shm') ? mkdtempSync('/dev/shm/parley-bench-') : dataDir;
}

/** Straight into the store: hashing passwords for hundreds of users would take longer than the bench. */
async function fill({ rooms, membersPerRoom }: ParleyOrder): Promise<Seat[][]> {
  const place = fillingPlace();
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
      await store.createSession({ sessionId, userId, refreshHash: sessionId, refreshExpiresAtMs, createdAtMs: atMs, device: '' });
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

serve(
  {
    async open(order: ParleyOrder): Promise<ParleyPlace> {
      const seats = await fill(order);
      const settings = readSettings({ PORT: '0', DATA_DIR: dataDir, TOKEN_SECRET: secret, LOG_LEVEL: 'silent' });
      const limits = order.isUnlimited === true ? UNLIMITED : {};
      const log = pino({ level: 'silent' });
      const server = await createServer(settings, { clock, random: systemRandom, log, limits });
      close = () => server.close();
      const { port } = await server.listen();
      return { port, seats };
    },
    startMeter: () => meter.start(),
    stopMeter: (): Load => meter.stop(),
    rss: () => settledRss(),
  },
  async () => {
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  },
);
