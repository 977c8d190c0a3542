import { loadCore, loadPlatform } from '../../host/src/node/load-core.js';
import type { Carrier } from '../client/carriers.js';
import { checkHistory } from '../history/check-history.js';
import { describeViolation } from '../history/history.js';
import { Cluster } from '../world/cluster.js';
import { LocalServer, ProcessServer, type ServerHost } from '../world/server-host.js';
import { World } from '../world/world.js';
import { runBackground } from './background.js';
import * as cluster from './cluster-scenarios.js';
import * as line from './line-scenarios.js';
import * as server from './server-scenarios.js';
import type { Amount, Scenario } from './scenario.js';

export const SCENARIOS: readonly Scenario[] = [
  ...Object.values(line),
  ...Object.values(server),
  ...Object.values(cluster),
];

export const SMALL: Amount = { messages: 6, rounds: 2 };
export const LARGE: Amount = { messages: 25, rounds: 5 };

/** One cell of the matrix. */
export interface Run {
  readonly scenario: string;
  readonly transport: string;
  readonly seed: number;
  /** Whether `npm test` leaves it to `npm run chaos`. */
  readonly isForLongRuns: boolean;
  /** One history. Never rejects: whatever goes wrong is a violation. */
  go(amount: Amount): Promise<RunResult>;
}

/** What a run has shown. No violation: all that was promised was kept, and all faults that were to happen happened. */
export interface RunResult {
  readonly violations: readonly string[];
  /** Of the logs at the end. */
  readonly events: number;
}

/** Every scenario on every transport that it is about. */
export function matrix(seed: number): Run[] {
  const cells = SCENARIOS.flatMap((scenario) => scenario.carriers.map((carrier) => ({ scenario, carrier })));
  const runs = cells.map(({ scenario, carrier }, index): Run => {
    const ownSeed = seed + index;
    return {
      scenario: scenario.name,
      transport: carrier,
      seed: ownSeed,
      isForLongRuns: scenario.isForLongRuns === true,
      go: (amount) => runWorld(scenario, carrier, ownSeed, amount),
    };
  });
  const memorySeed = seed + runs.length;
  return [
    ...runs,
    {
      scenario: 'background',
      transport: 'memory',
      seed: memorySeed,
      isForLongRuns: false,
      go: (amount) => caught(() => runBackground(memorySeed, amount)),
    },
  ];
}

/** The same plan of faults again; what the network and the processes do between them may differ. */
export function replayCommand({ scenario, transport, seed }: Run, isLarge: boolean): string {
  const size = isLarge ? '' : ' --small';
  return `npm run chaos -- --scenario ${scenario} --transport ${transport} --run-seed ${seed}${size}`;
}

/** How much faster than real time the devices live, unless their scenario says otherwise. */
const SPEED = 10;
const DEVICES = 3;
const ROOMS = 2;
/** As long as a run may take to its last fault. Then something waits for what never comes. */
const RUN_MS = 180_000;

function hostFor(scenario: Scenario, speed: number): ServerHost {
  if (scenario.needsCluster === true) {
    return new Cluster();
  }
  return scenario.needsProcess === true
    ? new ProcessServer()
    : new LocalServer({ speed, settings: scenario.settings ?? {}, limits: scenario.limits ?? {} });
}

async function runWorld(scenario: Scenario, carrier: Carrier, seed: number, amount: Amount): Promise<RunResult> {
  let world: World | null = null;
  const result = await caught(async () => {
    const speed = scenario.speed ?? SPEED;
    const host = hostFor(scenario, speed);
    world = new World(await loadCore(), await loadPlatform(), host, seed, speed);
    const opened = world;
    await within(RUN_MS, opened.fill(carrier, DEVICES, ROOMS), opened);
    await within(RUN_MS, scenario.run(opened, amount), opened);
    await opened.settle();
    const missing = scenario.happened(opened).filter(({ times }) => times === 0);
    const history = await opened.history();
    return {
      violations: [
        ...missing.map(({ what }) => `the fault '${what}' did not happen`),
        ...checkHistory(history).map(describeViolation),
      ],
      events: [...history.logs.values()].reduce((sum, log) => sum + log.length, 0),
    };
  });
  const left = await caught(async () => ({
    violations: ((await world?.close()) ?? []).map((what) => `left over: ${what}`),
    events: 0,
  }));
  return { ...result, violations: [...result.violations, ...left.violations] };
}

async function caught(work: () => Promise<RunResult>): Promise<RunResult> {
  try {
    return await work();
  } catch (error) {
    return { violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)], events: 0 };
  }
}

async function within(limitMs: number, work: Promise<void>, world: World): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new Error(`no end after ${limitMs} ms\n${world.describe()}`)), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
