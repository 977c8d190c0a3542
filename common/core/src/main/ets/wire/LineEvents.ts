/** The words of the lines that are no WebSocket. Source: docs/PROTOCOL.md, "HTTP transports". */
import { MAX_ID_LENGTH } from './Limits';
import { Reader } from './Reader';

/** Request header that names the line. */
export const LINE_HEADER: string = 'Parley-Line';
/** Request header that names the last event taken in. */
export const LAST_EVENT_ID_HEADER: string = 'Last-Event-ID';
/** Media type of what carries events. */
export const EVENT_STREAM_TYPE: string = 'text/event-stream';
/** Event types; frames come as events without a type of their own. */
export const LINE_OPEN_EVENT: string = 'open';
export const LINE_CLOSE_EVENT: string = 'close';

/** Path of Socket.IO's handshake below the server's `v1/`, its namespace, and the two events of its own. */
export const SOCKET_IO_PATH: string = 'socket.io/';
export const SOCKET_IO_NAMESPACE: string = '/parley.v1';
export const SOCKET_IO_FRAME_EVENT: string = 'frame';
export const SOCKET_IO_BYE_EVENT: string = 'bye';

const MIN_CLOSE_CODE: number = 1000;
const MAX_CLOSE_CODE: number = 4999;
/** Of a WebSocket close frame, in UTF-16 units. */
const MAX_REASON_LENGTH: number = 123;

/** Why the server ended a line: what a close frame says on a WebSocket. */
export interface LineEnd {
  readonly code: number;
  readonly reason: string;
}

/** The key in the data of `event: open`. Throws `ProtocolError`. */
export function decodeLineOpened(data: string): string {
  return Reader.parse(data).id('line', 1, MAX_ID_LENGTH);
}

export function encodeLineOpened(key: string): string {
  return JSON.stringify({ line: key });
}

/** The data of `event: close`, and of Socket.IO's `bye`. Throws `ProtocolError`. */
export function decodeLineEnd(data: string): LineEnd {
  const reader = Reader.parse(data);
  const code = reader.integer('code', MIN_CLOSE_CODE);
  if (code > MAX_CLOSE_CODE) {
    throw reader.fail('code', `an integer of at most ${MAX_CLOSE_CODE}`, `${code}`);
  }
  return { code: code, reason: reader.string('reason', 0, MAX_REASON_LENGTH) };
}

export function encodeLineEnd(end: LineEnd): string {
  return JSON.stringify({ code: end.code, reason: end.reason });
}
