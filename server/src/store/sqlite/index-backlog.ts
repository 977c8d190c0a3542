// A type and not an interface: only those count as rows of a parameter.
export type RowKey = { readonly room_id: string; readonly seq: number };

/**
 * Messages that may have to come into the search index, in the order of their commits. Only where they are is kept: what was
 * noted in a transaction that failed is not there when its turn comes.
 */
export class IndexBacklog {
  private waiting: RowKey[] = [];
  /** After each note. */
  onNoted: () => void = () => undefined;

  get size(): number {
    return this.waiting.length;
  }

  note(keys: readonly RowKey[]): void {
    this.waiting.push(...keys);
    this.onNoted();
  }

  /** The first ones; they stay until `forget`. */
  peek(count: number): readonly RowKey[] {
    return this.waiting.slice(0, count);
  }

  forget(count: number): void {
    this.waiting.splice(0, count);
  }

  /** All that the database knows to be missing, in place of what was noted. */
  reset(keys: RowKey[]): void {
    this.waiting = keys;
  }
}
