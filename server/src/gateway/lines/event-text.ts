import {
  encodeLineEnd,
  encodeLineOpened,
  LINE_CLOSE_EVENT,
  LINE_OPEN_EVENT,
} from '../../../../common/core/src/main/ets/wire/LineEvents';

/** The server's part of `text/event-stream` (HTML standard, "Server-sent events"). No data here holds a line end. */
const EVENT_END = Buffer.from('\n\n');

export function openEvent(key: string): Buffer {
  return Buffer.from(`event: ${LINE_OPEN_EVENT}\ndata: ${encodeLineOpened(key)}\n\n`);
}

/** `json` is one frame as `wire` prints it: on one line. */
export function frameEvent(id: number, json: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`id: ${id}\ndata: `), json, EVENT_END]);
}

export function closeEvent(code: number, reason: string): Buffer {
  return Buffer.from(`event: ${LINE_CLOSE_EVENT}\ndata: ${encodeLineEnd({ code, reason })}\n\n`);
}

/** A reader ignores it; the proxies on the way see that the line is alive. */
export const KEEP_ALIVE_COMMENT = Buffer.from(': keep-alive\n\n');
