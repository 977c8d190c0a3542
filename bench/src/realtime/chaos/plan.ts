import type { Outage } from '../../lib/catch-up';

/** How lines are taken away: each for `offMs` out of every `everyMs`. */
export interface Disruption {
  readonly name: string;
  readonly offMs: number;
  readonly everyMs: number;
}

export const SHORT_AND_OFTEN: Disruption = { name: '1 s of every 4 s', offMs: 1000, everyMs: 4000 };
export const LONG_AND_RARE: Disruption = { name: '2 s of every 15 s', offMs: 2000, everyMs: 15_000 };

export interface ChaosPlan {
  readonly clients: number;
  readonly clientsPerRoom: number;
  readonly disruption: Disruption;
  /** Messages a second in each room. */
  readonly perSecond: number;
  readonly durationMs: number;
  /** How long after the last message a client may still catch up. */
  readonly settleMs: number;
}

export function roomOf(plan: ChaosPlan, client: number): number {
  return Math.floor(client / plan.clientsPerRoom);
}

export function roomCount(plan: ChaosPlan): number {
  return roomOf(plan, plan.clients - 1) + 1;
}

export function messageCount({ perSecond, durationMs }: ChaosPlan): number {
  return Math.floor((perSecond * durationMs) / 1000);
}

/** Evenly spread over the period, so that at each moment the same share of lines is gone. The last one ends before the traffic does. */
export function outagesOf({ clients, disruption, durationMs }: ChaosPlan, client: number, startAtMs: number): Outage[] {
  const outages: Outage[] = [];
  const phaseMs = (disruption.everyMs * client) / clients;
  for (let cutAtMs = phaseMs; cutAtMs + disruption.offMs <= durationMs; cutAtMs += disruption.everyMs) {
    outages.push({ cutAtMs: startAtMs + cutAtMs, restoredAtMs: startAtMs + cutAtMs + disruption.offMs });
  }
  return outages;
}

const FILLER = 'The kettle is on, the biscuits are out, and whoever comes last washes up. Tea at four, as always';

/** 100 bytes that start with the message's number. */
export function textOf(index: number): string {
  return `${index} ${FILLER}`.slice(0, 100).padEnd(100, '.');
}

/** -1 for a text that is none of ours. */
export function indexOf(text: string): number {
  const index = Number.parseInt(text, 10);
  return Number.isNaN(index) || textOf(index) !== text ? -1 : index;
}
