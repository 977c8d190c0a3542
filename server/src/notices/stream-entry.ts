import { MAX_NOTICE_LENGTH, NOTICE_EVENT, NOTICES_NAMESPACE } from './notice';

/** An entry of the stream as Redis answers it: its id, and names and values in turn. */
export type StreamEntry = readonly [id: string, fields: readonly string[]];

/** Socket.IO's own numbers: of a broadcast among what servers tell each other, and of an event among its packets. */
const BROADCAST = '3';
const EVENT_PACKET = 2;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Text that is no JSON is no broadcast either: the caller says so.
  }
}

/**
 * Why an entry is left out; null for a notice. The adapter believes what it reads: it would let others cut connections and move sockets
 * between rooms, and an entry of another form would stop it for ever.
 */
export function faultOf(fields: readonly string[]): string | null {
  const named = new Map(
    fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1] ?? '']] : [])) as [string, string][],
  );
  if (named.get('nsp') !== NOTICES_NAMESPACE) {
    return `expected the namespace ${NOTICES_NAMESPACE}`;
  }
  if (named.get('type') !== BROADCAST) {
    return `expected a broadcast (type ${BROADCAST})`;
  }
  const text = named.get('data') ?? '';
  if (text.length > MAX_NOTICE_LENGTH) {
    return `expected at most ${MAX_NOTICE_LENGTH} characters, got ${text.length}`;
  }
  const data = parsed(text);
  const { packet, opts } = isObject(data) ? data : {};
  if (!isObject(packet) || packet.type !== EVENT_PACKET || !Array.isArray(packet.data)) {
    return 'expected an event in JSON';
  }
  if (packet.data[0] !== NOTICE_EVENT) {
    return `expected the event ${NOTICE_EVENT}`;
  }
  const isAddressed = isObject(opts) && isTexts(opts.rooms) && isTexts(opts.except);
  return isAddressed && (opts.flags === undefined || isObject(opts.flags)) ? null : 'expected rooms';
}
