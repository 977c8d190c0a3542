import type { IdMaker } from '../../ports/ids';

/** As unguessable as a token: who holds a line's key can speak for its user. */
const SECRET_BYTES = 24;
const PROCESS_PREFIX = 'p_';
/** The secret, and behind it what is random in the id of the process. */
const KEY = /^l_[A-Za-z0-9_-]{32}([A-Za-z0-9_-]{12})$/;

/** A new key. It says which process holds the line, so that any other can pass requests on. */
export function newLineKey(ids: IdMaker, processId: string): string {
  return `${ids.secret('l', SECRET_BYTES)}${processId.slice(PROCESS_PREFIX.length)}`;
}

/** Null where it is no key of any process. */
export function processIdIn(key: string): string | null {
  const [, random] = KEY.exec(key) ?? [];
  return random === undefined ? null : `${PROCESS_PREFIX}${random}`;
}
