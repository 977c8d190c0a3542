export const ONE_PROCESS = 'Parley, one process';
export const TWO_PROCESSES = 'Parley, two processes on Redis';

export interface RedisRow {
  readonly name: string;
  readonly cpuUsPerDelivery: number;
  readonly roundsUs: readonly number[];
  readonly rounds: number;
  readonly invalidRounds: number;
}
