import type { AppError, CancelToken, Core, HttpCapabilities } from '../../../host/src/node/load-core';

/** What the bench's ports can do. What they do not tell, the client need not listen to, as on `@ohos/axios`. */
export const THIN: HttpCapabilities = {
  canPatch: true,
  cutsOnWire: true,
  tellsHeaders: false,
  tellsSent: false,
  tellsReceived: false,
  canPin: false,
};

/** The error that the port's contract wants for a failed exchange. */
export function failureOf(core: Core, cause: Error, cancel: CancelToken | undefined): AppError {
  const { code } = cause as { readonly code?: string };
  const kind =
    cancel?.isCancelled() === true
      ? core.AppErrorCode.Disposed
      : code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'ECONNABORTED'
        ? core.AppErrorCode.Timeout
        : core.AppErrorCode.Network;
  return new core.AppError(kind, `exchange: ${cause.message}`, { cause });
}
