/** Machine codes of `error` frames and of HTTP error bodies. Source: docs/PROTOCOL.md, "Error codes". */
export enum ErrorCode {
  BadFrame = 'bad_frame',
  BadField = 'bad_field',
  UnknownType = 'unknown_type',
  TooLarge = 'too_large',
  HelloExpected = 'hello_expected',
  HelloRepeated = 'hello_repeated',
  TokenInvalid = 'token_invalid',
  TokenExpired = 'token_expired',
  BadCredentials = 'bad_credentials',
  UserDisabled = 'user_disabled',
  NameTaken = 'name_taken',
  NotFound = 'not_found',
  NotMember = 'not_member',
  RoomFull = 'room_full',
  IdReused = 'id_reused',
  RateLimited = 'rate_limited',
  Unavailable = 'unavailable',
  Internal = 'internal'
}

/** Close codes of the WebSocket. Source: docs/PROTOCOL.md, "Close codes"; 1000 to 1015 are RFC 6455, section 7.4.1. */
export enum CloseCode {
  Normal = 1000,
  GoingAway = 1001,
  BadData = 1007,
  TooLarge = 1009,
  ServerError = 1011,
  ServiceRestart = 1012,
  TryAgainLater = 1013,
  HelloExpected = 4400,
  TokenInvalid = 4401,
  TokenExpired = 4402,
  SubprotocolUnsupported = 4406,
  Silent = 4408,
  SlowReader = 4413,
  TooManyErrors = 4429
}

/** What a client does after a close. */
export enum CloseReaction {
  /** Connect again after the backoff. */
  Retry = 'retry',
  /** Refresh the access token, then connect again. */
  RefreshToken = 'refreshToken',
  /** Never connect again by itself: the same attempt would fail the same way. */
  Stop = 'stop'
}

/** The one table that decides whether a closed connection is tried again. Codes it does not name are retried. */
export function reactionToClose(code: number): CloseReaction {
  switch (code) {
    case CloseCode.TokenInvalid:
    case CloseCode.TokenExpired:
      return CloseReaction.RefreshToken;
    case CloseCode.HelloExpected:
    case CloseCode.SubprotocolUnsupported:
    case CloseCode.BadData:
    case CloseCode.TooLarge:
    case CloseCode.TooManyErrors:
      return CloseReaction.Stop;
    default:
      return CloseReaction.Retry;
  }
}

const RETRYABLE_ERRORS: ErrorCode[] = [ErrorCode.RateLimited, ErrorCode.Unavailable, ErrorCode.Internal];

/** Whether the same command may succeed when it is sent again later, unchanged. */
export function isRetryableError(code: ErrorCode): boolean {
  return RETRYABLE_ERRORS.indexOf(code) >= 0;
}
