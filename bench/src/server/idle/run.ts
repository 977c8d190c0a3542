import type { Filling } from '../../lib/parley-filler';
import { Child, CLIENT_CORE, SERVER_CORE, withChildren } from '../../lib/processes';
import { medianOf } from '../../lib/stats';
import { type Contender, CONTENDERS, COALESCED_WS, OURS, PREPARED_WS, RAW_WS } from '../contenders';
import type { Member } from '../dialects';
import type { HoldOrder } from './load';

export interface IdleRow {
  readonly name: string;
  /** Resident bytes of the server for each connection; NaN for a round that does not count. */
  readonly roundsBytes: readonly number[];
  readonly bytesPerConnection: number;
  readonly held: number;
  readonly invalidRounds: number;
}

export const HELD = 5000;
const ROOM_MEMBERS = 10;
/** Held before the first look, so that code and tables that are there once are not counted. */
const FIRST = 100;
const NOBODY: Member = { roomId: '', token: '' };

/** Members that a place was filled with, by another process than the one whose memory is measured. */
async function withMembers<T>(
  isOurs: boolean,
  work: (members: readonly Member[], order: object) => Promise<T>,
): Promise<T> {
  if (!isOurs) {
    return work(
      Array.from({ length: FIRST + HELD }, () => NOBODY),
      {},
    );
  }
  return withChildren([Child.start('lib/parley-filler.ts', SERVER_CORE)] as const, async (filler) => {
    const shape = { rooms: (FIRST + HELD) / ROOM_MEMBERS, membersPerRoom: ROOM_MEMBERS };
    const { place, seats } = await filler.call<Filling>('fill', shape);
    const members = seats.flat().map(({ roomId, tokens }) => ({ roomId, token: tokens.accessToken }));
    return work(members, { ...shape, place });
  });
}

/** Bytes for each connection, of a fresh server; NaN where it did not hold all of them. */
function measureOne({ name, server: file, kind, dialect }: Contender): Promise<number> {
  return withMembers(name === OURS, (members, order) => {
    const children = [
      Child.start(file, SERVER_CORE, [kind], ['--expose-gc']),
      Child.start('server/idle/load.ts', CLIENT_CORE),
    ] as const;
    return withChildren(children, async (server, load) => {
      const { port } = await server.call<{ readonly port: number }>('open', order);
      const hold = (some: readonly Member[]): Promise<number> =>
        load.call<number>('hold', { port, dialect, members: some } satisfies HoldOrder);
      await hold(members.slice(0, FIRST));
      const before = await server.call<number>('rss');
      await hold(members.slice(FIRST));
      const after = await server.call<number>('rss');
      const held = await load.call<number>('held');
      return held === FIRST + HELD ? (after - before) / HELD : NaN;
    });
  });
}

/** Every member is a user of its own, in a room of ten. */
export async function runIdle(isQuick: boolean): Promise<IdleRow[]> {
  const same = [PREPARED_WS, COALESCED_WS]; // As the first one, until something is sent.
  const contenders = CONTENDERS.filter(({ name }) =>
    isQuick ? name === RAW_WS || name === OURS : !same.includes(name),
  );
  const rounds = contenders.map(() => [] as number[]);
  for (let round = 0; round < (isQuick ? 1 : 3); round++) {
    for (const [i, contender] of contenders.entries()) {
      rounds[i]?.push(await measureOne(contender));
    }
  }
  return contenders.map(({ name }, i) => {
    const roundsBytes = rounds[i] ?? [];
    const valid = roundsBytes.filter((bytes) => !Number.isNaN(bytes));
    return {
      name,
      roundsBytes,
      bytesPerConnection: medianOf(valid),
      held: HELD,
      invalidRounds: roundsBytes.length - valid.length,
    };
  });
}
