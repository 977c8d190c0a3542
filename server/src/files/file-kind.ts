import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { IMAGE_TYPES, type ImageHeader, type PixelSize } from '../../../common/core/src/main/ets/wire/ImageHeader';
import { MAX_CONTENT_TYPE_LENGTH } from '../../../common/core/src/main/ets/wire/Limits';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';

const UNKNOWN_TYPE = 'application/octet-stream';
/** Source: RFC 9110, 8.3.1 and 5.6.2. */
const TYPE_PATTERN = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;

export interface FileKind extends PixelSize {
  readonly contentType: string;
}

export function badType(): ProtocolError {
  return new ProtocolError(ErrorCode.BadField, 'Content-Type', 'a type such as image/png', 'another value');
}

/** The type of a `Content-Type` header in lower case and without parameters; absent: unknown. Throws `bad_field`. */
export function declaredType(header: string | undefined): string {
  const type = (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') {
    return UNKNOWN_TYPE;
  }
  if (type.length > MAX_CONTENT_TYPE_LENGTH || !TYPE_PATTERN.test(type)) {
    throw badType();
  }
  return type;
}

/**
 * What a file is, by what was declared and by what its content says. Throws `bad_field` where the two contradict each other:
 * a receiver must not be shown one thing and get another.
 */
export function kindOf(declared: string, found: ImageHeader | null): FileKind {
  const expectsImage = IMAGE_TYPES.includes(declared);
  if (found !== null && found.size !== null && (declared === found.contentType || declared === UNKNOWN_TYPE)) {
    return { contentType: found.contentType, ...found.size };
  }
  if (expectsImage || (found !== null && declared !== UNKNOWN_TYPE)) {
    const isBroken = found !== null && found.size === null && declared === found.contentType;
    const actual = isBroken ? 'a broken image' : (found?.contentType ?? 'something else');
    throw new ProtocolError(ErrorCode.BadField, 'Content-Type', `content that is ${declared}`, actual);
  }
  return { contentType: declared, widthPx: 0, heightPx: 0 };
}
