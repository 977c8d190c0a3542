import { loadCore } from '../../../../host/src/node/load-core';
import { axiosOn, pQueue, type UndiciPackage } from '../../lib/http-peers';
import { loadPeer } from '../../lib/peer-packages';
import { parleyOn } from '../parley';

/** Both resolve with the parsed body. */
export interface Lane {
  low(path: string): Promise<unknown>;
  critical(path: string): Promise<unknown>;
}

export interface CriticalContender {
  /** Whether it knows no priorities: first come, first served. */
  readonly isFifo: boolean;
  open(origin: string): Promise<Lane>;
}

/** Requests at once, for all. */
export const LIMIT = 6;

const PARLEY: CriticalContender = {
  isFifo: false,
  async open(origin) {
    const { HttpPriority } = await loadCore();
    const client = await parleyOn('axios', origin, LIMIT);
    const ask = async (path: string, priority: (typeof HttpPriority)[keyof typeof HttpPriority]): Promise<unknown> =>
      (await client.get(path, { priority }).answer).data;
    return {
      low: (path) => ask(path, HttpPriority.Low),
      critical: (path) => ask(path, HttpPriority.Critical),
    };
  },
};

/** The last one in p-queue goes to the front where it says `priority`, and waits for the next of the six to end. */
function axiosUnderPQueue(knowsPriority: boolean): CriticalContender {
  return {
    isFifo: !knowsPriority,
    async open(origin) {
      const [axios, queue] = [await axiosOn(origin, LIMIT), await pQueue(LIMIT)];
      const ask = (path: string, priority: number): Promise<unknown> =>
        queue.add(async () => (await axios.get(path)).data, { priority: knowsPriority ? priority : 0 });
      return { low: (path) => ask(path, 0), critical: (path) => ask(path, 1) };
    },
  };
}

function fifo(open: (origin: string) => Promise<(path: string) => Promise<unknown>>): CriticalContender {
  return {
    isFifo: true,
    async open(origin) {
      const ask = await open(origin);
      return { low: ask, critical: ask };
    },
  };
}

export const OURS = 'Parley';
export const WITH_PRIORITY = 'axios + p-queue, priority';

export const CONTENDERS: Readonly<Record<string, CriticalContender>> = {
  [OURS]: PARLEY,
  [WITH_PRIORITY]: axiosUnderPQueue(true),
  'axios + p-queue': axiosUnderPQueue(false),
  'axios, 6 sockets': fifo(async (origin) => {
    const axios = await axiosOn(origin, LIMIT);
    return async (path) => (await axios.get(path)).data;
  }),
  'undici, 6 connections': fifo(async (origin) => {
    const { Agent, request } = await loadPeer<UndiciPackage>('undici');
    const dispatcher = new Agent({ connections: LIMIT });
    return async (path) => (await request(origin + path, { dispatcher })).body.json();
  }),
};
