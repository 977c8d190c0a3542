/** How many things of one key may be open at once, in this process. */
export class OpenCounts {
  private readonly counts = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** Opens one. What ends it, harmless when repeated; null where there are too many. */
  enter(key: string): (() => void) | null {
    const count = this.countOf(key);
    if (count >= this.most) {
      return null;
    }
    this.counts.set(key, count + 1);
    let isOpen = true;
    return () => {
      if (isOpen) {
        isOpen = false;
        this.leave(key);
      }
    };
  }

  countOf(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  get size(): number {
    return this.counts.size;
  }

  private leave(key: string): void {
    const count = this.countOf(key) - 1;
    if (count > 0) {
      this.counts.set(key, count);
    } else {
      this.counts.delete(key);
    }
  }
}
