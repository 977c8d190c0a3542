/** vp that a row is taken for before any was measured. */
const FIRST_GUESS = 48;

/**
 * Heights of the rows of a lazy list, of which most were never measured: those count as the average of the measured ones.
 * Between two rows lies the list's `space`.
 */
export class RowHeights {
  private heights: (number | undefined)[];
  private measuredSum = 0;
  private measuredCount = 0;
  /** tops[i] is the top of row i; valid below `validTo`. */
  private tops = new Float64Array(1);
  private validTo = 0;

  constructor(
    count: number,
    private gap: number,
  ) {
    this.heights = new Array<number | undefined>(count).fill(undefined);
  }

  get count(): number {
    return this.heights.length;
  }

  get space(): number {
    return this.gap;
  }

  setSpace(gap: number): void {
    if (gap !== this.gap) {
      this.gap = gap;
      this.validTo = 0;
    }
  }

  get guess(): number {
    return this.measuredCount === 0 ? FIRST_GUESS : this.measuredSum / this.measuredCount;
  }

  /** True when the height was another one. */
  measure(index: number, height: number): boolean {
    const before = this.heights[index];
    if (before === height) {
      return false;
    }
    this.forget(index);
    this.heights[index] = height;
    this.measuredSum += height;
    this.measuredCount++;
    this.validTo = 0;
    return true;
  }

  insert(index: number, count: number): void {
    this.heights.splice(index, 0, ...new Array<undefined>(count).fill(undefined));
    this.validTo = 0;
  }

  remove(index: number, count: number): void {
    for (let at = index; at < index + count; at++) {
      this.forget(at);
    }
    this.heights.splice(index, count);
    this.validTo = 0;
  }

  move(from: number, to: number): void {
    const [height] = this.heights.splice(from, 1);
    this.heights.splice(to, 0, height);
    this.validTo = 0;
  }

  /** Another number of rows, nothing known of them but the average. */
  reset(count: number): void {
    const guess = this.guess;
    this.heights = new Array<number | undefined>(count).fill(undefined);
    this.measuredSum = this.measuredCount === 0 ? 0 : guess;
    this.measuredCount = Math.min(1, this.measuredCount);
    this.validTo = 0;
  }

  heightOf(index: number): number {
    return this.heights[index] ?? this.guess;
  }

  /** Distance from the top of the first row; for `count` the top that the next row would have. */
  top(index: number): number {
    this.fill();
    return this.tops[Math.max(0, Math.min(index, this.count))] ?? 0;
  }

  get total(): number {
    return this.count === 0 ? 0 : this.top(this.count) - this.gap;
  }

  /** The row that covers `y`, space below it included; the first or last row outside of the list. */
  indexAt(y: number): number {
    this.fill();
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.tops[middle] ?? 0) <= y) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return Math.max(0, low);
  }

  private forget(index: number): void {
    const height = this.heights[index];
    if (height !== undefined) {
      this.measuredSum -= height;
      this.measuredCount--;
    }
  }

  private fill(): void {
    if (this.validTo > this.count) {
      return;
    }
    if (this.tops.length < this.count + 1) {
      this.tops = new Float64Array(Math.max(this.count + 1, this.tops.length * 2));
    }
    const guess = this.guess;
    let top = 0;
    for (let index = 0; index <= this.count; index++) {
      this.tops[index] = top;
      top += (this.heights[index] ?? guess) + this.gap;
    }
    this.validTo = this.count + 1;
  }
}

/** Rows from `first` to `last`, both included; `last` is -1 where there is none. */
export interface RowWindow {
  first: number;
  last: number;
  visibleFirst: number;
  visibleLast: number;
}

/** A device keeps as many rows ready on each side as it shows, but not more than this. */
export const MAX_DEFAULT_CACHED = 16;

export function rowWindow(rows: RowHeights, offset: number, viewport: number, cached: number | null): RowWindow {
  if (rows.count === 0 || viewport <= 0) {
    return { first: 0, last: -1, visibleFirst: 0, visibleLast: -1 };
  }
  const visibleFirst = rows.indexAt(offset);
  // A row that only touches the lower edge is not visible.
  const visibleLast = Math.max(visibleFirst, rows.indexAt(offset + viewport - 0.5));
  const extra = cached ?? Math.min(MAX_DEFAULT_CACHED, visibleLast - visibleFirst + 1);
  return {
    first: Math.max(0, visibleFirst - extra),
    last: Math.min(rows.count - 1, visibleLast + extra),
    visibleFirst,
    visibleLast,
  };
}

/** Where row `index` is after rows were inserted at `at`; `null` is for a row that was removed. */
export function indexAfterInsert(index: number, at: number, count: number): number {
  return index >= at ? index + count : index;
}

export function indexAfterRemove(index: number, at: number, count: number): number | null {
  if (index < at) {
    return index;
  }
  return index < at + count ? null : index - count;
}

export function indexAfterMove(index: number, from: number, to: number): number {
  if (index === from) {
    return to;
  }
  if (from < to) {
    return index > from && index <= to ? index - 1 : index;
  }
  return index >= to && index < from ? index + 1 : index;
}
