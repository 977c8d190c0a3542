import type hilog from '@ohos.hilog';
import { parameterError } from './support/business-error.js';
import { enumOf } from './support/enums.js';
import { loud } from './support/loud.js';

type Level = 'debug' | 'info' | 'warn' | 'error';

const MAX_DOMAIN = 0xffff;
const MAX_TAG_BYTES = 31;
/** `%{public}s`, `%{private}d` and the bare `%s`, which is private. */
const PLACEHOLDER = /%(?:\{(public|private)\})?([sdifoO%])/g;

/** What a device would print: a private argument is masked there too, so it is here. */
export function formatLog(format: string, args: readonly unknown[]): string {
  let next = 0;
  return format.replace(PLACEHOLDER, (whole, privacy: string | undefined, kind: string) => {
    if (kind === '%' || next >= args.length) {
      return kind === '%' ? '%' : whole;
    }
    const value = args[next++];
    return privacy === 'public' ? printed(value, kind) : '<private>';
  });
}

function printed(value: unknown, kind: string): string {
  const isNumeric = kind === 'd' || kind === 'i' || kind === 'f';
  if (isNumeric) {
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : 'NaN';
  }
  return typeof value === 'object' && value !== null && kind !== 's' ? JSON.stringify(value) : String(value);
}

function log(level: Level, domain: number, tag: string, format: string, args: readonly unknown[]): void {
  if (!Number.isInteger(domain) || domain < 0 || domain > MAX_DOMAIN) {
    throw parameterError('domain', '0 to 0xFFFF', domain);
  }
  if (tag === '' || new TextEncoder().encode(tag).byteLength > MAX_TAG_BYTES) {
    throw parameterError('tag', `1 to ${MAX_TAG_BYTES} bytes`, tag);
  }
  console[level](`${domain.toString(16).padStart(5, '0')}/${tag}: ${formatLog(format, args)}`);
}

export default loud<typeof hilog>('hilog', {
  debug: (domain, tag, format, ...args: unknown[]) => log('debug', domain, tag, format, args),
  info: (domain, tag, format, ...args: unknown[]) => log('info', domain, tag, format, args),
  warn: (domain, tag, format, ...args: unknown[]) => log('warn', domain, tag, format, args),
  error: (domain, tag, format, ...args: unknown[]) => log('error', domain, tag, format, args),
  fatal: (domain, tag, format, ...args: unknown[]) => log('error', domain, tag, format, args),
  isLoggable: () => true,
  LogLevel: enumOf<typeof hilog.LogLevel>({ DEBUG: 3, INFO: 4, WARN: 5, ERROR: 6, FATAL: 7 }),
});
