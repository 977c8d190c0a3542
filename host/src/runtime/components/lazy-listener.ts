export type DataChange =
  | { kind: 'add'; index: number; count: number }
  | { kind: 'delete'; index: number; count: number }
  | { kind: 'move'; from: number; to: number }
  | { kind: 'change'; index: number }
  | { kind: 'reload' };

/** What a page passes to onDatasetChange. */
interface DataOperation {
  type: string;
}

/** The DataChangeListener that a list registers with a data source. */
export class LazyDataListener {
  constructor(private readonly changed: (change: DataChange) => void) {}

  onDataReloaded(): void {
    this.changed({ kind: 'reload' });
  }

  onDataAdd(index: number): void {
    this.changed({ kind: 'add', index, count: 1 });
  }

  onDataAdded(index: number): void {
    this.onDataAdd(index);
  }

  onDataMove(from: number, to: number): void {
    this.changed({ kind: 'move', from, to });
  }

  onDataMoved(from: number, to: number): void {
    this.onDataMove(from, to);
  }

  onDataDelete(index: number): void {
    this.changed({ kind: 'delete', index, count: 1 });
  }

  onDataDeleted(index: number): void {
    this.onDataDelete(index);
  }

  onDataChange(index: number): void {
    this.changed({ kind: 'change', index });
  }

  onDataChanged(index: number): void {
    this.onDataChange(index);
  }

  /** All indices count in the list as it was before any of the operations. */
  onDatasetChange(operations: DataOperation[]): void {
    datasetChanges(operations).forEach((change) => this.changed(change));
  }
}

/**
 * Operations of one onDatasetChange as single changes that can be made one after another. Deletions and insertions are made
 * from the back, so that no index that is still to come has moved.
 */
export function datasetChanges(operations: readonly DataOperation[]): DataChange[] {
  const placed: { at: number; change: DataChange }[] = [];
  for (const operation of operations) {
    const { type } = operation;
    if (type === 'reload') {
      return [{ kind: 'reload' }];
    }
    if (type === 'add' || type === 'delete') {
      const { index, count = 1 } = operation as DataOperation & { index: number; count?: number };
      placed.push({ at: index, change: { kind: type, index, count } });
    } else if (type === 'change') {
      const { index } = operation as DataOperation & { index: number };
      placed.push({ at: index, change: { kind: 'change', index } });
    } else if (type === 'move' || type === 'exchange') {
      // Rows that change places keep their keys; a reload keeps every row whose key is still there.
      return [{ kind: 'reload' }];
    } else {
      throw new RangeError(`onDatasetChange: type expected add, delete, change, move, exchange or reload, got ${type}`);
    }
  }
  return placed.sort((a, b) => b.at - a.at).map((entry) => entry.change);
}
