import { ErrorCode } from '../../common/core/src/main/ets/wire/Codes';
import type { ErrorPayload } from '../../common/core/src/main/ets/wire/Frames';
import { ProtocolError } from '../../common/core/src/main/ets/wire/ProtocolError';
import { StoreFailure } from './store/store';

export interface RefusalDetail {
  readonly field?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly retryAfterMs?: number;
}

/** A command that was understood and is not carried out. Where the text itself is wrong, wire throws `ProtocolError`. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly detail: RefusalDetail = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  [ErrorCode.NotMember]: 'The user is not a member of this room.',
  [ErrorCode.IdReused]: 'This client id was used for a message with other content.',
  [ErrorCode.RoomFull]: 'The room has as many members as a room can have.',
};

const MISSING = {
  room: 'There is no such room.',
  file: 'There is no such file for this user.',
  session: 'There is no such session of this user.',
};

/** The refusal of a command that the store understood and did not carry out. */
export function refusalOf(code: ErrorCode, missing: keyof typeof MISSING = 'room'): Refusal {
  if (code === ErrorCode.NameTaken) {
    return nameTaken('name');
  }
  if (code === ErrorCode.NotFound) {
    return new Refusal(code, MISSING[missing]);
  }
  return new Refusal(code, SENTENCES[code] ?? `Refused: ${code}.`);
}

/** A message named a file that its sender did not bring into its room: unknown ones and those of others look alike. */
export function fileMissing(): Refusal {
  const expected = 'a file that its sender brought into this room';
  const detail = { field: 'payload.fileId', expected, actual: 'another id' };
  return new Refusal(ErrorCode.NotFound, `payload.fileId: expected ${expected}, got another id`, detail);
}

export function nameTaken(field: string): Refusal {
  const expected = 'a free name';
  const actual = 'one that is taken';
  return new Refusal(ErrorCode.NameTaken, `${field}: expected ${expected}, got ${actual}`, { field, expected, actual });
}

export function tooFast(retryAfterMs: number): Refusal {
  return new Refusal(ErrorCode.RateLimited, `Too fast; try again in ${retryAfterMs} ms.`, { retryAfterMs });
}

/** A restart takes about as long. */
const RESTART_RETRY_MS = 1000;

export function shutsDown(): Refusal {
  return new Refusal(ErrorCode.Unavailable, 'The server shuts down.', { retryAfterMs: RESTART_RETRY_MS });
}

/** The user is in the room, and this process has not taken that in: it does so now. */
export function notLetInYet(): Refusal {
  return new Refusal(ErrorCode.Unavailable, 'The server takes in just now that the user is in this room.');
}

/** Advice that goes with `unavailable`: long enough for a busy disk, short enough for a person who waits. */
const UNAVAILABLE_RETRY_MS = 1000;

/** What the other side may know about an error: a defect of the server shows its code and nothing else. */
export function toErrorPayload(error: unknown): ErrorPayload {
  if (error instanceof ProtocolError) {
    const { code, message, field, expected, actual } = error;
    return { code, message, field, expected, actual, retryAfterMs: 0 };
  }
  if (error instanceof Refusal) {
    const { field = '', expected = '', actual = '', retryAfterMs = 0 } = error.detail;
    return { code: error.code, message: error.message, field, expected, actual, retryAfterMs };
  }
  const isStoreFailure = error instanceof StoreFailure;
  return {
    code: isStoreFailure ? ErrorCode.Unavailable : ErrorCode.Internal,
    message: isStoreFailure ? 'The store cannot do this now; send it again.' : 'A defect of the server.',
    field: '',
    expected: '',
    actual: '',
    retryAfterMs: isStoreFailure ? UNAVAILABLE_RETRY_MS : 0,
  };
}
