/**
 * What receivers saw of a numbered stream, checked against what was sent. Lost, doubled, reordered and invented messages are
 * told apart: a count that merely adds up can hide a loss behind a double.
 */
export interface DeliveryReport {
  readonly expected: number;
  /** Different messages that arrived. */
  readonly delivered: number;
  readonly lost: number;
  /** Deliveries beyond the first of their message. */
  readonly doubled: number;
  /** First deliveries that came after a message with a higher number. */
  readonly reordered: number;
  /** Deliveries of numbers that were never sent. */
  readonly invented: number;
}

/** One receiver's view of the messages 0 to `capacity` - 1. Cheap enough to run in the path that is measured. */
export class DeliveryLog {
  /** When each message first arrived, in milliseconds of the shared clock; `Infinity` for never. */
  readonly arrivedAtMs: Float64Array;
  private delivered = 0;
  private doubled = 0;
  private reordered = 0;
  private invented = 0;
  private highest = -1;

  constructor(capacity: number) {
    this.arrivedAtMs = new Float64Array(capacity).fill(Infinity);
  }

  take(index: number, atMs: number): void {
    const before = this.arrivedAtMs[index];
    if (before === undefined) {
      this.invented++;
    } else if (before !== Infinity) {
      this.doubled++;
    } else {
      this.arrivedAtMs[index] = atMs;
      this.delivered++;
      if (index < this.highest) {
        this.reordered++;
      } else {
        this.highest = index;
      }
    }
  }

  count(): number {
    return this.delivered;
  }

  report(): DeliveryReport {
    const expected = this.arrivedAtMs.length;
    return {
      expected,
      delivered: this.delivered,
      lost: expected - this.delivered,
      doubled: this.doubled,
      reordered: this.reordered,
      invented: this.invented,
    };
  }
}

export function addReports(reports: readonly DeliveryReport[]): DeliveryReport {
  const total = { expected: 0, delivered: 0, lost: 0, doubled: 0, reordered: 0, invented: 0 };
  for (const report of reports) {
    for (const key of Object.keys(total) as (keyof DeliveryReport)[]) {
      total[key] += report[key];
    }
  }
  return total;
}

/** Whether each message arrived once and in its turn, and nothing else did. */
export function isExactlyOnce({ lost, doubled, reordered, invented }: DeliveryReport): boolean {
  return lost + doubled + reordered + invented === 0;
}

/** Whether each one arrived once and nothing else did, in whatever order. */
export function isEachOnce({ lost, doubled, invented }: DeliveryReport): boolean {
  return lost + doubled + invented === 0;
}
