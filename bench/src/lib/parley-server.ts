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
import { environmentOf, fill, type Place, type Seat, type Shape } from './parley-filling';
import { serve } from './processes';
import { settledRss } from './settled-rss';

export interface ParleyOrder extends Shape {
  /** One member may say as much as the peers let theirs: the limits are asked at each message, and never reached. */
  readonly isUnlimited?: boolean;
  /** Absent: this process fills a folder of its own. */
  readonly place?: Place;
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
      const ownPlace = { dataDir: ownDir, secret: Buffer.from(systemRandom(48)).toString('base64url') };
      const seats = order.place === undefined ? await fill(order, ownPlace) : [];
      const settings = readSettings(environmentOf(order.place ?? ownPlace, ownDir));
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
