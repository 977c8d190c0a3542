import type { RoomEvent } from '../../../common/core/src/main/ets/wire/Frames';
import {
  MAX_CONTENT_TYPE_LENGTH,
  MAX_FILE_NAME_LENGTH,
  MAX_ID_LENGTH,
  MAX_ROOM_NAME_LENGTH,
  MAX_USER_NAME_LENGTH,
} from '../../../common/core/src/main/ets/wire/Limits';
import { readEvent } from '../../../common/core/src/main/ets/wire/Model';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import { Reader } from '../../../common/core/src/main/ets/wire/Reader';

/** Of a file's content in one line, before base64. */
export const PART_BYTES = 48 * 1024;
const MAX_PART_LENGTH = 4 * Math.ceil(PART_BYTES / 3);

/**
 * A room as JSON Lines, one object each: `room` first, `user` before the first line that names the user, `file` with its `part`s
 * before the event that holds it, `event` in the order of the log, `member`s after them, `end` last.
 */
export type RoomLine =
  | {
      readonly kind: 'room';
      readonly format: 'parley.room';
      readonly version: 1;
      readonly roomId: string;
      readonly name: string;
      readonly createdAtMs: number;
      readonly exportedAtMs: number;
    }
  | { readonly kind: 'user'; readonly userId: string; readonly userName: string }
  | {
      readonly kind: 'file';
      readonly fileId: string;
      readonly userId: string;
      readonly name: string;
      readonly contentType: string;
      readonly sizeBytes: number;
      readonly widthPx: number;
      readonly heightPx: number;
    }
  | { readonly kind: 'part'; readonly fileId: string; readonly data: string }
  | { readonly kind: 'event'; readonly event: RoomEvent }
  | { readonly kind: 'member'; readonly userId: string; readonly joinedSeq: number }
  | { readonly kind: 'end'; readonly headSeq: number; readonly events: number; readonly files: number };

/** What an import cannot go on with. The message names line and field. */
export class LineError extends Error {
  constructor(lineNo: number, message: string) {
    super(`line ${lineNo}: ${message}`);
    this.name = 'LineError';
  }
}

export function printLine(line: RoomLine): string {
  return `${JSON.stringify(line)}\n`;
}

function readLine(r: Reader): RoomLine {
  const kinds: RoomLine['kind'][] = ['room', 'user', 'file', 'part', 'event', 'member', 'end'];
  const kind = r.oneOf('kind', kinds);
  switch (kind) {
    case 'room':
      if (r.integer('version', 1) !== 1) {
        throw r.fail('version', '1', String(r.integer('version', 1)));
      }
      return {
        kind,
        format: r.oneOf('format', ['parley.room' as const]),
        version: 1,
        roomId: r.id('roomId', 1, MAX_ID_LENGTH),
        name: r.text('name', MAX_ROOM_NAME_LENGTH),
        createdAtMs: r.integer('createdAtMs', 0),
        exportedAtMs: r.integer('exportedAtMs', 0),
      };
    case 'user':
      return { kind, userId: r.id('userId', 1, MAX_ID_LENGTH), userName: r.text('userName', MAX_USER_NAME_LENGTH) };
    case 'file':
      return {
        kind,
        fileId: r.id('fileId', 1, MAX_ID_LENGTH),
        userId: r.id('userId', 1, MAX_ID_LENGTH),
        name: r.text('name', MAX_FILE_NAME_LENGTH),
        contentType: r.text('contentType', MAX_CONTENT_TYPE_LENGTH),
        sizeBytes: r.integer('sizeBytes', 1),
        widthPx: r.integer('widthPx', 0),
        heightPx: r.integer('heightPx', 0),
      };
    case 'part':
      return { kind, fileId: r.id('fileId', 1, MAX_ID_LENGTH), data: r.string('data', 1, MAX_PART_LENGTH) };
    case 'event':
      return { kind, event: readEvent(r.object('event')) };
    case 'member':
      return { kind, userId: r.id('userId', 1, MAX_ID_LENGTH), joinedSeq: r.integer('joinedSeq', 1) };
    case 'end':
      return {
        kind,
        headSeq: r.integer('headSeq', 1),
        events: r.integer('events', 0),
        files: r.integer('files', 0),
      };
  }
}

/** Throws `LineError`. `lineNo` counts from 1. */
export function parseLine(text: string, lineNo: number): RoomLine {
  try {
    return readLine(Reader.parse(text));
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw new LineError(lineNo, error.message);
    }
    throw error;
  }
}
