import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import { ProtocolError } from '../../../common/core/src/main/ets/wire/ProtocolError';
import { toErrorPayload } from '../refusal';
import { BARE_HEADERS } from './security-headers';

/** Node's own limit on the head of a request. */
const MAX_HEAD = '16 KiB of headers';

interface Breakage {
  readonly status: string;
  readonly error: ProtocolError;
}

function breakageOf(code: string | undefined): Breakage {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: '431 Request Header Fields Too Large',
        error: new ProtocolError(ErrorCode.TooLarge, '', `at most ${MAX_HEAD}`, 'more'),
      };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: '408 Request Timeout',
        error: new ProtocolError(ErrorCode.BadFrame, '', 'a whole request in time', 'a part of one'),
      };
    default:
      return {
        status: '400 Bad Request',
        error: new ProtocolError(ErrorCode.BadFrame, '', 'a well-formed request', 'something else'),
      };
  }
}

/** Answers what is no HTTP, or too slow or too large to be one: there is no request yet, only its socket. It is closed. */
export function answerBrokenRequest(log: Logger): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    log.debug({ code: error.code }, 'broken request');
    const { status, error: complaint } = breakageOf(error.code);
    const body = JSON.stringify({ error: toErrorPayload(complaint) });
    const head = [
      `HTTP/1.1 ${status}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
    ];
    // Whoever sends nonsense may not read either: the socket does not wait for that.
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  };
}
