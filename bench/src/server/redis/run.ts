import type { Load } from '../../lib/meter';
import type { Filling } from '../../lib/parley-filler';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import { nowMs } from '../../lib/shared-clock';
import { ROOM, STEADY_PER_SECOND } from '../fan-out';
import type { LoadReport } from '../load';
import { type FanOutRow, fanOutRow, type Round, roundOf } from '../stand';
import { missingServices, type Services, withServices } from './services';

export const ONE_PROCESS = 'Parley, one process on PostgreSQL';
export const TWO_PROCESSES = 'Parley, two processes on PostgreSQL and Redis';

const SIDES = [
  { name: ONE_PROCESS, processes: 1 },
  { name: TWO_PROCESSES, processes: 2 },
] as const;
const LEAD_MS = 50;

/** Server processes of one community, and the process with all its members. */
class Community {
  readonly rounds: Round[] = [];
  private round = 0;

  constructor(
    readonly name: string,
    private readonly filler: Child,
    private readonly servers: readonly Child[],
    private readonly members: Child,
  ) {}

  async open(databaseUrl: string, redisUrl: string): Promise<void> {
    const { place: filled, seats } = await this.filler.call<Filling>('fill', { ...ROOM, databaseUrl });
    const place = this.servers.length > 1 ? { ...filled, redisUrl } : filled;
    const ports: number[] = [];
    for (const server of this.servers) {
      const order = { ...ROOM, isUnlimited: true, place };
      ports.push((await server.call<{ readonly port: number }>('open', order)).port);
    }
    const rooms = seats.map((room) => room.map(({ roomId, tokens }) => ({ roomId, token: tokens.accessToken })));
    await this.members.call('connect', { ports, dialect: 'parley', rooms });
  }

  async steady(count: number): Promise<Round> {
    const schedule = { startAtMs: nowMs() + LEAD_MS, perSecond: STEADY_PER_SECOND, burst: 1, count };
    await Promise.all(this.servers.map((server) => server.call('startMeter')));
    const report = await this.members.call<LoadReport>('steady', { schedule, round: ++this.round });
    const loads = await Promise.all(this.servers.map((server) => server.call<Load>('stopMeter')));
    return roundOf(
      loads.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
      report,
    );
  }
}

async function measure({ databaseUrls, redisUrl }: Services, isQuick: boolean): Promise<FanOutRow[]> {
  const communities = SIDES.map(({ name, processes }) => {
    const servers = Array.from({ length: processes }, () => Child.start('lib/parley-server.ts', SERVER_CORE));
    const [filler, members] = [
      Child.start('lib/parley-filler.ts', CLIENT_CORE),
      Child.start('server/load.ts', CLIENT_CORE),
    ];
    return { community: new Community(name, filler, servers, members), children: [members, ...servers, filler] };
  });
  return withChildren(
    communities.flatMap(({ children }) => children),
    async () => {
      const all = communities.map(({ community }) => community);
      for (const [i, community] of all.entries()) {
        await community.open(databaseUrls[i] as string, redisUrl);
        await community.steady(STEADY_PER_SECOND);
      }
      for (let round = 0; round < (isQuick ? 3 : 7); round++) {
        for (const community of all) {
          community.rounds.push(await community.steady(STEADY_PER_SECOND * (isQuick ? 1 : 5)));
        }
      }
      return all.map(({ name, rounds }) => fanOutRow(name, rounds));
    },
  );
}

/** 100 messages a second to 500 members, all at one process, or half of them at each of two. */
export function runRedis(isQuick: boolean): Promise<FanOutRow[]> {
  const missing = missingServices();
  if (missing !== null) {
    console.log(`redis: not measured, for this machine has no ${missing}`);
    return Promise.resolve([]);
  }
  return withServices(SIDES.length, (services) => measure(services, isQuick));
}
