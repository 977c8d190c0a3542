import { performance } from 'node:perf_hooks';

export interface Load {
  /** User and system time of the whole process, collector and compiler threads included, in microseconds. */
  readonly cpuUs: number;
  /** Share of the time in which the event loop was busy, 0 to 1. */
  readonly loopUtilisation: number;
}

/** Above it a client measures its own queue, not the server. */
export const MAX_LOOP_UTILISATION = 0.9;

/** What this process uses between `start` and `stop`. */
export class Meter {
  private cpu = process.cpuUsage();
  private loop = performance.eventLoopUtilization();

  start(): void {
    this.cpu = process.cpuUsage();
    this.loop = performance.eventLoopUtilization();
  }

  stop(): Load {
    const { user, system } = process.cpuUsage(this.cpu);
    return {
      cpuUs: user + system,
      loopUtilisation: performance.eventLoopUtilization(this.loop).utilization,
    };
  }
}
