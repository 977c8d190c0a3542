import { HttpCode } from '../support/http-failure-codes.js';

/** A failed exchange, with the kit's code and what is known about a second try. */
export class WireFailure extends Error {
  override readonly name = 'WireFailure';

  constructor(
    readonly code: number,
    /** The server has said that it did not look at the request (RFC 9113, section 8.7). */
    readonly isUnprocessed = false,
    /** The connection was an old one and broke before any answer: only a repeatable method may go again. */
    readonly isStale = false,
  ) {
    super(`HTTP exchange failed with ${code}`);
  }
}

const RESOLVE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);

/** A connection that did not come about. */
export function dialFailure(error: Error): WireFailure {
  if (error instanceof WireFailure) {
    return error;
  }
  const code = codeOf(error);
  if (RESOLVE.has(code)) {
    return new WireFailure(HttpCode.Resolve);
  }
  if (isCertificateCode(code)) {
    return new WireFailure(HttpCode.Certificate);
  }
  // Curl calls a broken handshake 35, which the kit does not know.
  return new WireFailure(code.startsWith('ERR_SSL') || code === 'EPROTO' ? HttpCode.Unknown : HttpCode.Connect);
}

/** An exchange that broke before its head came. */
export function headFailure(error: Error, isStale: boolean): WireFailure {
  if (error instanceof WireFailure) {
    return error;
  }
  const code = codeOf(error);
  if (code.startsWith('HPE_')) {
    return new WireFailure(HttpCode.BadAnswer);
  }
  const isSilent = error.message === 'socket hang up';
  return new WireFailure(isSilent ? HttpCode.Nothing : HttpCode.Receive, false, isStale);
}

function codeOf(error: Error): string {
  return String((error as NodeJS.ErrnoException).code ?? '');
}

/** The names that OpenSSL's verification and Node's look at host names give. */
function isCertificateCode(code: string): boolean {
  return (
    code.startsWith('ERR_TLS_CERT') ||
    code.startsWith('CERT_') ||
    code.startsWith('UNABLE_TO_') ||
    code.endsWith('SELF_SIGNED_CERT') ||
    code === 'SELF_SIGNED_CERT_IN_CHAIN'
  );
}
