import type { Logger } from 'pino';
import { CloseCode, ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { FrameType, type ServerFrame } from '../../../common/core/src/main/ets/wire/Frames';
import { toErrorPayload } from '../refusal';
import type { Connection } from './connection';
import { EncodedFrame } from './encoded-frame';
import type { HubMeter } from './hub-meter';

/** How a connection ends whose `hello` was refused with `code`. */
export function closeCodeOf(code: ErrorCode): CloseCode {
  switch (code) {
    case ErrorCode.TokenInvalid:
      return CloseCode.TokenInvalid;
    case ErrorCode.TokenExpired:
      return CloseCode.TokenExpired;
    case ErrorCode.Unavailable:
    case ErrorCode.RateLimited:
      return CloseCode.TryAgainLater;
    default:
      return CloseCode.ServerError;
  }
}

/** What a connection is told about its own commands. */
export class Answers {
  constructor(
    private readonly log: Logger,
    private readonly meter: HubMeter,
  ) {}

  send(connection: Connection, frame: ServerFrame): void {
    connection.answer(new EncodedFrame(frame).bytesFor(connection));
  }

  /** Tells what was wrong with command `re`; the code that it is told by. */
  fail(connection: Connection, re: number, error: unknown): ErrorCode {
    const payload = toErrorPayload(error);
    this.meter.frameRefused(payload.code);
    const about = { connectionId: connection.id, userId: connection.identity?.userId, re, code: payload.code };
    if (payload.code === ErrorCode.Internal || payload.code === ErrorCode.Unavailable) {
      this.log.error({ ...about, err: error }, 'command failed');
    } else {
      this.log.debug({ ...about, field: payload.field }, 'command refused');
    }
    this.send(connection, { type: FrameType.Error, re, payload });
    return payload.code;
  }
}
