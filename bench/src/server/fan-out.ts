import { COALESCED_WS, CONTENDERS, OURS, PREPARED_WS, RAW_WS, SOCKET_IO } from './contenders';
import type { Shape } from '../lib/parley-filling';
import { type FanOutRow, runInTurn } from './stand';

/** As many as a room may have. */
export const ROOM: Shape = { rooms: 1, membersPerRoom: 500 };
export const MANY_ROOMS: Shape = { rooms: 200, membersPerRoom: 10 };
export const ONE_ROOM: Shape = { rooms: 1, membersPerRoom: MANY_ROOMS.membersPerRoom };
export const ONE_ROOM_NAME = `${OURS}: one room of ${ONE_ROOM.membersPerRoom}`;
export const LARGE_ROOM_NAME = `${OURS}: one room of ${ROOM.membersPerRoom}`;
export const MANY_ROOMS_NAME = `${OURS}: ${MANY_ROOMS.rooms} rooms of ${MANY_ROOMS.membersPerRoom}`;

export const BURST_SIZE = 50;
/** The members' core has time to breathe: without it a fast server would be measured at the members' limit. */
const PAUSE_MS = 100;
export const STEADY_PER_SECOND = 100;
/** The short run keeps to them: the others' CPU is in the bursts already. */
const QUICK_STEADY: readonly string[] = [RAW_WS, OURS, SOCKET_IO, PREPARED_WS, COALESCED_WS];
/** For one room and for many the same. */
export const ROOMS_DELIVERIES_PER_SECOND = 20_000;

/** 50 messages in one write, to 500 members, who are the judge of when the next burst goes out. */
export function runBurst(isQuick: boolean): Promise<FanOutRow[]> {
  const contenders = CONTENDERS.map((contender) => ({ ...contender, shape: ROOM }));
  const order = { bursts: isQuick ? 2 : 4, size: BURST_SIZE, pauseMs: PAUSE_MS };
  return runInTurn(
    contenders,
    isQuick ? 3 : 9,
    (stand) => stand.burst({ ...order, bursts: 2 }),
    (stand) => stand.burst(order),
  );
}

/** 100 messages a second to 500 members, each alone. */
export function runSteady(isQuick: boolean): Promise<FanOutRow[]> {
  const some = isQuick ? CONTENDERS.filter(({ name }) => QUICK_STEADY.includes(name)) : CONTENDERS;
  const contenders = some.map((contender) => ({ ...contender, shape: ROOM }));
  const seconds = isQuick ? 1 : 5;
  return runInTurn(
    contenders,
    isQuick ? 3 : 7,
    (stand) => stand.steady(STEADY_PER_SECOND, STEADY_PER_SECOND),
    (stand) => stand.steady(STEADY_PER_SECOND, STEADY_PER_SECOND * seconds),
  );
}

/**
 * The same messages and the same deliveries a second in many rooms and in one. Every message is stored. The large room has the
 * same deliveries, too, of a fiftieth of the messages: what is left there is the price of delivering.
 */
export function runRooms(isQuick: boolean): Promise<FanOutRow[]> {
  const ours = CONTENDERS.filter(({ name }) => name === OURS);
  const contenders = ours.flatMap((contender) => [
    { ...contender, name: ONE_ROOM_NAME, shape: ONE_ROOM },
    { ...contender, name: MANY_ROOMS_NAME, shape: MANY_ROOMS },
    // The short run has no time for what is not judged.
    ...(isQuick ? [] : [{ ...contender, name: LARGE_ROOM_NAME, shape: ROOM }]),
  ]);
  const perSecond = ({ membersPerRoom }: Shape): number => ROOMS_DELIVERIES_PER_SECOND / membersPerRoom;
  return runInTurn(
    contenders,
    isQuick ? 3 : 7,
    (stand, shape) => stand.steady(perSecond(shape), perSecond(shape)),
    (stand, shape) => stand.steady(perSecond(shape), perSecond(shape) * (isQuick ? 1.5 : 5)),
  );
}
