import { setTimeout as sleep } from 'node:timers/promises';
import { livingBirths, placeOf, watchBirths } from './births.js';
import { heldResources } from './held-resources.js';

/**
 * A socket that was closed is gone when the other side has said so, a process when the system has. Counted in turns of the
 * loop, not in time: a machine that stands still uses up none.
 */
export const PATIENT_TURNS = 2000;
const TURN_MS = 5;

/**
 * To be opened before a suite and closed after it: what is held then and was not held at first is a leak. Emitters that
 * gather listeners (Node warns of them) count, too.
 */
export class LeakGate {
  private before = countOf(heldResources());
  private readonly crowded: string[] = [];
  private readonly onWarning = (warning: Error): void => {
    if (warning.name === 'MaxListenersExceededWarning') {
      this.crowded.push(warning.message);
    }
  };

  /** `during` names what runs, for the report. */
  constructor(during?: () => string) {
    watchBirths(during);
    process.on('warning', this.onWarning);
  }

  /** Waits for what is just closing; then rejects with what is left, each with its kind and the line that made it. */
  async close(patientTurns = PATIENT_TURNS): Promise<void> {
    const left = await this.settle(patientTurns);
    this.stop();
    if (left.length > 0) {
      throw new Error(`expected nothing left over, got ${left.join('\n  ')}`);
    }
  }

  /**
   * What is left when nothing more will go by itself, waited for without keeping the process alive: where nothing but this
   * waits, the process ends, which is the best answer.
   */
  async settle(patientTurns = PATIENT_TURNS, isHolding = true): Promise<string[]> {
    for (let turn = 0; ; turn++) {
      const left = this.left();
      if (left.length === 0 || turn >= patientTurns) {
        return left;
      }
      await sleep(TURN_MS, undefined, { ref: isHolding });
    }
  }

  /** What is held now beyond what was held at first: kind, count, and where it was made. */
  left(): string[] {
    const leaks = [...countOf(heldResources())]
      .map(([kind, count]) => ({ kind, more: count - (this.before.get(kind) ?? 0) }))
      .filter(({ more }) => more > 0)
      .map(({ kind, more }) => `${more} ${kind}${livingBirths(kind).slice(-more).map(placeOf).join(',')}`);
    return [...leaks, ...this.crowded];
  }

  /** From now on what is held now is no leak: it was told of. */
  forgive(): void {
    this.before = countOf(heldResources());
    this.crowded.length = 0;
  }

  stop(): void {
    process.off('warning', this.onWarning);
  }
}

function countOf(kinds: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  kinds.forEach((kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1));
  return counts;
}
