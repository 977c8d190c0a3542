/** Child process: the real Parley server with users, sessions and rooms that are there already. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { SystemClock } from '../../../server/src/ports/clock';
import { systemRandom } from '../../../server/src/ports/ids';
import { createServer } from '../../../server/src/server';
import { readSettings } from '../../../server/src/settings';
import { type Load, Meter } from './meter';
import { fill, type Seat, type Shape } from './parley-filling';
import { serve } from './processes';
import { settledRss } from './settled-rss';

/** A folder that was filled by another process. */
export interface FilledPlace {
  readonly dataDir: string;
  /** Signed the tokens of its members. */
  readonly secret: string;
}

export interface ParleyOrder extends Shape {
  /** One member may say as much as the peers let theirs: the limits are asked at each message, and never reached. */
  readonly isUnlimited?: boolean;
  /** Absent: this process fills a folder of its own. */
  readonly place?: FilledPlace;
}

export interface ParleyPlace {
  readonly port: number;
  /** For each room, one seat for each member; none where another process filled the place. */
  readonly seats: readonly (readonly Seat[])[];
}

const ENDLESS = 1_000_000_000;
const UNLIMITED = {
  messagesPerSecond: ENDLESS,
  messageBurst: ENDLESS,
  commandsPerSecond: ENDLESS,
  commandBurst: ENDLESS,
};
const ownDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const meter = new Meter();
let close: () => Promise<void> = () => Promise.resolve();

serve(
  {
    async open(order: ParleyOrder): Promise<ParleyPlace> {
      const ownSecret = Buffer.from(systemRandom(48)).toString('base64url');
      const { dataDir, secret } = order.place ?? { dataDir: ownDir, secret: ownSecret };
      const seats = order.place === undefined ? await fill(order, dataDir, secret) : [];
      const settings = readSettings({ PORT: '0', DATA_DIR: dataDir, TOKEN_SECRET: secret, LOG_LEVEL: 'silent' });
      const limits = order.isUnlimited === true ? UNLIMITED : {};
      const log = pino({ level: 'silent' });
      const server = await createServer(settings, { clock: new SystemClock(), random: systemRandom, log, limits });
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
    rmSync(ownDir, { recursive: true, force: true });
  },
);
