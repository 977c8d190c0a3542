import type { Logger } from 'pino';
import type { Clock } from '../ports/clock';
import type { IdMaker } from '../ports/ids';
import type { Bus } from './bus';
import { LocalBus } from './local-bus';
import { RedisBus } from './redis-bus';

export interface BusParts {
  /** Null: this process is alone. */
  readonly redisUrl: string | null;
  readonly ids: IdMaker;
  readonly clock: Clock;
  readonly log: Logger;
}

export function openBus({ redisUrl, ids, clock, log }: BusParts): Bus {
  const processId = ids.make('p');
  return redisUrl === null ? new LocalBus(processId) : new RedisBus({ url: redisUrl, processId, clock, log });
}
