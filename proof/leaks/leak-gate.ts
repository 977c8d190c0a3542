import { setImmediate as nextTurn } from 'node:timers/promises';
import { heldResources } from '../../host/src/test-runner/held-resources.js';

/** A socket that was closed is gone when the other side has said so, which takes some turns of the loop. */
export const PATIENCE_MS = Number(process.env['PARLEY_LEAK_PATIENCE_MS'] ?? 60_000);

/**
 * To be opened before a suite and closed after it: what is held then and was not held at first is a leak. Rejects with the
 * kinds of what is left.
 */
export class LeakGate {
  private readonly before = countOf(heldResources());

  async close(): Promise<void> {
    const giveUpAtMs = performance.now() + PATIENCE_MS;
    for (let left = this.leaked(); left.length > 0; left = this.leaked()) {
      if (performance.now() > giveUpAtMs) {
        throw new Error(`expected nothing left over, got ${left.join(', ')}`);
      }
      await nextTurn();
    }
  }

  /** What is held now beyond what was held at first. */
  leaked(): string[] {
    return [...countOf(heldResources())]
      .filter(([kind, count]) => count > (this.before.get(kind) ?? 0))
      .map(([kind, count]) => `${count - (this.before.get(kind) ?? 0)} ${kind}`);
  }
}

function countOf(kinds: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  kinds.forEach((kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1));
  return counts;
}
