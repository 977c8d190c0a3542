import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';

/** Source: docs/PROTOCOL.md, "Error codes". Codes that only frames have count as a bad request: 400. */
export const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  [ErrorCode.TooLarge]: 413,
  [ErrorCode.TokenInvalid]: 401,
  [ErrorCode.TokenExpired]: 401,
  [ErrorCode.BadCredentials]: 401,
  [ErrorCode.UserDisabled]: 403,
  [ErrorCode.NameTaken]: 409,
  [ErrorCode.NotFound]: 404,
  [ErrorCode.NotMember]: 403,
  [ErrorCode.RoomFull]: 409,
  [ErrorCode.IdReused]: 409,
  [ErrorCode.RateLimited]: 429,
  [ErrorCode.Unavailable]: 503,
  [ErrorCode.Internal]: 500,
};
