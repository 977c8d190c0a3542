import type { Core, HttpPort, HttpRequest, HttpResponse } from '../../../host/src/node/load-core';
import type { UndiciDispatcher, UndiciPackage } from '../lib/http-peers';
import { CancelSignal } from './cancel-signal';
import { failureOf, THIN } from './thin-port';

/** Core's HTTP port on `undici.request`, with as little between as the port allows: what is measured on top is core. */
export class UndiciPort implements HttpPort {
  readonly capabilities = THIN;

  constructor(
    private readonly core: Core,
    private readonly undici: UndiciPackage,
    private readonly dispatcher: UndiciDispatcher,
  ) {}

  async request({ method, url, headers, body, timeoutMs, bodyType, cancel }: HttpRequest): Promise<HttpResponse> {
    try {
      const answer = await this.undici.request(url, {
        dispatcher: this.dispatcher,
        method,
        headers: flat(headers),
        body: body instanceof ArrayBuffer ? new Uint8Array(body) : body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: cancel === undefined ? null : new CancelSignal(cancel),
      });
      const status = answer.statusCode;
      const received = headerMap(answer.headers);
      const protocol = this.core.HttpProtocol.Http1;
      return bodyType === this.core.HttpBodyType.Binary
        ? { status, headers: received, protocol, body: '', bytes: await answer.body.arrayBuffer() }
        : { status, headers: received, protocol, body: await answer.body.text() };
    } catch (error) {
      throw failureOf(this.core, error as Error, cancel);
    }
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

function headerMap(headers: Readonly<Record<string, string | string[] | undefined>>): Map<string, string> {
  const map = new Map<string, string>();
  for (const name in headers) {
    const value = headers[name];
    map.set(name, Array.isArray(value) ? value.join(', ') : (value ?? ''));
  }
  return map;
}
