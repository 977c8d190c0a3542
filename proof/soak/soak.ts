import { pause } from '../client/pause.js';
import { Cluster } from '../world/cluster.js';
import { ProcessServer } from '../world/server-host.js';
import { INSPECTED } from './inspector.js';
import { ProcessWatch } from './process-watch.js';
import { reportOf, type SoakReport } from './report.js';
import { workShift } from './shift.js';
import type { SoakArguments } from './soak-arguments.js';

export interface SoakOptions extends SoakArguments {
  /** Told what has happened so far, in a line. */
  readonly tell: (line: string) => void;
}

const MINUTE_MS = 60_000;
const SHIFT_MS = 2 * MINUTE_MS;
/** A shift that would be shorter is not begun. */
const LEAST_SHIFT_MS = 2000;
const SAMPLE_EVERY_MS = 10_000;
/** Of a short soak. */
const LEAST_SAMPLES = 10;
/** Seeds of two soaks must not meet. */
const SHIFTS = 1000;

const ENVIRONMENT = { ...INSPECTED, METRICS_PORT: '0', LOG_LEVEL: 'info' };

/** The server in processes of its own under mixed use for some time, and what became of its memory and of the promises. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { minutes, clients, seed, on, tell } = options;
  const server = on === 'cluster' ? new Cluster(ENVIRONMENT) : new ProcessServer(ENVIRONMENT);
  await server.start();
  const watches = await Promise.all(server.processes.map((one) => ProcessWatch.of(one)));
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + minutes * MINUTE_MS;
  const leftMs = (): number => endsAtMs - performance.now();
  const stopped = new AbortController();
  const sampling = sampleAll(watches, Math.min(SAMPLE_EVERY_MS, leftMs() / LEAST_SAMPLES), stopped.signal);
  const violations: string[] = [];
  let visits = 0;
  for (let shift = 0; shift === 0 || leftMs() > LEAST_SHIFT_MS; shift++) {
    const result = await workShift({
      server,
      clients,
      seed: seed * SHIFTS + shift,
      lengthMs: Math.max(LEAST_SHIFT_MS, Math.min(SHIFT_MS, leftMs())),
    });
    violations.push(...result.violations);
    visits += result.visits;
    const minute = ((performance.now() - startedAtMs) / MINUTE_MS).toFixed(1);
    tell(
      `minute ${minute}: ${result.visits} visits, ${result.unread} reads cut off, ${result.violations.length} violations`,
    );
    result.violations.forEach((text) => tell(`  VIOLATION ${text.replaceAll('\n', '\n    ')}`));
  }
  stopped.abort();
  await sampling.catch((error: unknown) => violations.push(`a process could not be looked at: ${String(error)}`));
  const lengthMinutes = (performance.now() - startedAtMs) / MINUTE_MS;
  await Promise.all(watches.map((watch) => watch.close()));
  await server.stop();
  server.remove();
  return reportOf(
    { minutes: lengthMinutes, clients, seed, on, visits, violations },
    watches.map(({ samples }) => samples),
  );
}

async function sampleAll(watches: readonly ProcessWatch[], everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await Promise.all(watches.map((watch) => watch.sample()));
    await pause(everyMs);
  }
}
