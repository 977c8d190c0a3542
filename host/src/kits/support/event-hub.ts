import type common from '@ohos.app.ability.common';
import { Listeners } from './listeners.js';

/** Events between an ability and its pages. */
export class HostEventHub implements common.EventHub {
  private readonly events = new Map<string, Listeners<(...args: object[]) => void>>();

  on(event: string, callback: (...args: never[]) => void): void {
    const listeners = this.events.get(event) ?? new Listeners();
    listeners.add(callback as (...args: object[]) => void);
    this.events.set(event, listeners);
  }

  off(event: string, callback?: (...args: never[]) => void): void {
    this.events.get(event)?.remove(callback as ((...args: object[]) => void) | undefined);
  }

  emit(event: string, ...args: object[]): void {
    this.events.get(event)?.emit(...args);
  }
}
