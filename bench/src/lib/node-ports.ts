import { randomUUID } from 'node:crypto';
import type {
  Clock,
  KeyValueStore,
  Logger,
  NetworkMonitor,
  RandomSource,
  TimerHandle,
} from '../../../host/src/node/load-core';

class NodeTimer implements TimerHandle {
  constructor(private readonly timer: NodeJS.Timeout) {}

  cancel(): void {
    clearTimeout(this.timer);
  }
}

/** Core's small ports in Node. The log is silent: a bench that prints measures its printing. */
class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  setTimer(delayMs: number, callback: () => void): TimerHandle {
    return new NodeTimer(setTimeout(callback, delayMs));
  }
}

export const clock: Clock = new SystemClock();
export const random: RandomSource = { next: () => Math.random(), uuid: () => randomUUID() };
export const logger: Logger = { log: () => undefined };
export const network: NetworkMonitor = { isOnline: () => true, onChange: () => () => undefined };

export class MemoryStore implements KeyValueStore {
  private readonly values = new Map<string, string>();

  get(key: string): Promise<string | null> {
    return Promise.resolve(this.values.get(key) ?? null);
  }

  set(key: string, value: string): Promise<void> {
    this.values.set(key, value);
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.values.delete(key);
    return Promise.resolve();
  }
}
