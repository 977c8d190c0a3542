import { type DeliveryLog } from '../lib/delivery';
import { type MessageRecord, recordOf } from '../lib/record';

/** A stretch of items; each one is asked for once. */
export interface Items {
  readonly from: number;
  readonly count: number;
}

/** Where item `id` is to be had, from a server that takes `takesMs` for it. */
export function pathOf(id: number, takesMs = 0): string {
  return `/messages/${id}/${takesMs}`;
}

export interface Asked {
  readonly id: number;
  readonly takesMs: number;
}

/** Null for a path that `pathOf` does not make. */
export function askedBy(path: string): Asked | null {
  const [, id, takesMs] = /^\/messages\/(\d+)\/(\d+)$/.exec(path) ?? [];
  return id === undefined || takesMs === undefined ? null : { id: Number(id), takesMs: Number(takesMs) };
}

/** The answer's body: a chat message with 100 bytes of text, different for each item. */
export function bodyOf(id: number): string {
  return JSON.stringify(recordOf(id));
}

const FIRST = recordOf(0);

/** Whether it is, whole, what item `id` should be. */
export function isItem(id: number, data: unknown): boolean {
  const { seq, text } = (data ?? {}) as Partial<MessageRecord>;
  return seq === id && text === FIRST.text;
}

/** Notes an answer in the log of `items`: as invented where it is not what was asked for. */
export function noteAnswer(log: DeliveryLog, { from }: Items, id: number, data: unknown, atMs: number): void {
  log.take(isItem(id, data) ? id - from : NaN, atMs);
}
