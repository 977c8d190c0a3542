import { ErrorCode } from './Codes';

/**
 * Input that is not `parley.v1`. `field` is the path of the offending value (`payload.text`; empty for the frame
 * itself), `expected` and `actual` are short and never hold the value of a token, password or message text.
 */
export class ProtocolError extends Error {
  public readonly code: ErrorCode;
  public readonly field: string;
  public readonly expected: string;
  public readonly actual: string;

  public constructor(code: ErrorCode, field: string, expected: string, actual: string) {
    super(`${field === '' ? 'frame' : field}: expected ${expected}, got ${actual}`);
    this.name = 'ProtocolError';
    this.code = code;
    this.field = field;
    this.expected = expected;
    this.actual = actual;
  }
}
