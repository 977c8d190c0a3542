import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from '../settings';

/**
 * Lines of JSON: level by name, time in UTC, one line for each event. What goes in is ids, codes, sizes and durations; what is
 * anybody's secret or words (tokens, passwords, messages, URLs) is never given to it in the first place.
 *
 * | level | means |
 * |-------|-------|
 * | error | someone lost something |
 * | warn  | it recovered by itself |
 * | info  | one line for each change of state |
 * | debug | the rest: requests, refused commands |
 */
export function createLog(level: Settings['logLevel'], destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
