import { Counter, type Registry } from 'prom-client';

/**
 * A counter that costs one addition where things are counted; Prometheus' own form of it is made when someone asks. Each
 * label is one word out of few: who adds a word sees to that.
 */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** `label` names what the words are. */
  constructor(registry: Registry, name: string, help: string, label: string, words: readonly string[] = []) {
    const { counts } = this;
    // Told as 0 from the start: a rate over something that appears with its first event would miss that event.
    words.forEach((word) => counts.set(word, 0));
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        counts.forEach((count, word) => this.inc({ [label]: word }, count));
      },
    });
  }

  add(word: string, count = 1): void {
    this.counts.set(word, (this.counts.get(word) ?? 0) + count);
  }
}

/** A counter without a label whose value is kept elsewhere. */
export function addCounter(registry: Registry, name: string, help: string, value: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}
