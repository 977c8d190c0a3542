import type { Carrier } from '../client/carriers.js';
import { CARRIERS } from '../client/carriers.js';
import type { HubLimits } from '../../server/src/hub/limits.js';
import type { Settings } from '../../server/src/settings.js';
import type { World } from '../world/world.js';

/** How much of everything: 1 in `npm test`, more in long runs. */
export interface Amount {
  readonly messages: number;
  readonly rounds: number;
}

/** A fault, and how often it has happened by now. At 0 the scenario has proved nothing, and fails. */
export interface Happened {
  readonly what: string;
  readonly times: number;
}

export interface Scenario {
  readonly name: string;
  readonly carriers: readonly Carrier[];
  /** Whether the server must be a process of its own. Default false. */
  readonly needsProcess?: boolean;
  /** Whether it is about several server processes. Default false. */
  readonly needsCluster?: boolean;
  /** Whether `npm test` leaves it to `npm run chaos`. Default false. */
  readonly isForLongRuns?: boolean;
  /** How much faster than real time the devices live. Default 10. */
  readonly speed?: number;
  readonly settings?: Partial<Settings>;
  readonly limits?: Partial<HubLimits>;
  /** Traffic and faults, from a connected world on. The caller heals it and waits for the end. */
  run(world: World, amount: Amount): Promise<void>;
  happened(world: World): readonly Happened[];
}

export const ALL: readonly Carrier[] = CARRIERS;
