/** What the reference knows of an item. Later items have larger ids. */
export interface Item {
  readonly id: number;
  readonly priority: number;
}

/** The rules of the queue, written to be obviously right: a list that is searched whenever somebody asks. */
export class NaiveQueue<T extends Item> {
  private items: T[] = [];

  constructor(private readonly capacity: number) {}

  size(): number {
    return this.items.length;
  }

  /** Who had to go: the oldest of the lowest priority, or the newcomer where all outrank it. Null for nobody. */
  push(item: T): T | null {
    let evicted: T | null = null;
    if (this.items.length === this.capacity) {
      const lowest = Math.min(...this.items.map(({ priority }) => priority));
      if (lowest > item.priority) {
        return item;
      }
      evicted = this.items.find(({ priority }) => priority === lowest) ?? null;
      this.items = this.items.filter((other) => other !== evicted);
    }
    this.items.push(item);
    return evicted;
  }

  /** The most urgent first; inside a priority the oldest first. */
  inOrder(): T[] {
    return [...this.items].sort((a, b) => b.priority - a.priority || a.id - b.id);
  }

  next(): T | null {
    const [first, ...others] = this.items;
    // Of the most urgent ones the first that came.
    return first === undefined
      ? null
      : others.reduce((best, item) => (item.priority > best.priority ? item : best), first);
  }

  has(item: T): boolean {
    return this.items.includes(item);
  }

  remove(item: T): boolean {
    const had = this.has(item);
    this.items = this.items.filter((other) => other !== item);
    return had;
  }
}
