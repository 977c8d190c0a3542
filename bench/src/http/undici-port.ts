import type { Core, HttpPort, HttpRequest, HttpResponse } from '../../../host/src/node/load-core';
import type { UndiciController, UndiciDispatcher, UndiciHandler } from '../lib/http-peers';
import { failureOf, THIN } from './thin-port';

/** `https://` and one character more: the path begins behind it. */
const BEFORE_PATH = 9;

/** Core's HTTP port on undici's `dispatch`, the call that its own `request` is made of: what is on top is core. */
export class UndiciPort implements HttpPort {
  readonly capabilities = THIN;

  constructor(
    private readonly core: Core,
    private readonly dispatcher: UndiciDispatcher,
  ) {}

  request(request: HttpRequest): Promise<HttpResponse> {
    const { method, url, headers, body, timeoutMs } = request;
    const slash = url.indexOf('/', BEFORE_PATH);
    return new Promise<HttpResponse>((resolve, reject) => {
      this.dispatcher.dispatch(
        {
          origin: slash < 0 ? url : url.slice(0, slash),
          path: slash < 0 ? '/' : url.slice(slash),
          method,
          headers: flat(headers),
          body: body instanceof ArrayBuffer ? new Uint8Array(body) : body,
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        },
        new Exchange(this.core, request, resolve, reject),
      );
    });
  }
}

class Exchange implements UndiciHandler {
  private forgetCancel: (() => void) | undefined;
  private status = 0;
  private headers = new Map<string, string>();
  private readonly parts: Buffer[] = [];

  constructor(
    private readonly core: Core,
    private readonly request: HttpRequest,
    private readonly resolve: (response: HttpResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  onRequestStart(controller: UndiciController): void {
    const { cancel } = this.request;
    if (cancel?.isCancelled() === true) {
      controller.abort(new Error('cancelled'));
    } else {
      this.forgetCancel = cancel?.onCancel(() => controller.abort(new Error('cancelled')));
    }
  }

  onResponseStart(_: UndiciController, status: number, headers: Readonly<Record<string, string | string[]>>): void {
    this.status = status;
    this.headers = headerMap(headers);
  }

  onResponseData(_: UndiciController, part: Buffer): void {
    this.parts.push(part);
  }

  onResponseEnd(): void {
    this.forgetCancel?.();
    const { status, headers, parts } = this;
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const protocol = this.core.HttpProtocol.Http1;
    this.resolve(
      this.request.bodyType === this.core.HttpBodyType.Binary
        ? { status, headers, protocol, body: '', bytes: new Uint8Array(bytes).buffer }
        : { status, headers, protocol, body: bytes.toString('utf8') },
    );
  }

  onResponseError(_: UndiciController, error: Error): void {
    this.forgetCancel?.();
    this.reject(failureOf(this.core, error, this.request.cancel));
  }
}

/** Names and values in turn, as undici takes them. */
function flat(headers: ReadonlyMap<string, string>): string[] {
  const list: string[] = [];
  for (const [name, value] of headers) {
    list.push(name, value);
  }
  return list;
}

function headerMap(headers: Readonly<Record<string, string | string[]>>): Map<string, string> {
  const map = new Map<string, string>();
  for (const name in headers) {
    const value = headers[name] as string | string[];
    map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
