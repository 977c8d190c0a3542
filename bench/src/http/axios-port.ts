import type { Core, HttpPort, HttpRequest, HttpResponse } from '../../../host/src/node/load-core';
import type { AxiosInstance } from '../lib/http-peers';
import { CancelSignal } from './cancel-signal';
import { failureOf, THIN } from './thin-port';

/**
 * Settings over those of bare axios: the port wants the text, since core parses it, and every status is an answer.
 * Nothing that axios does by default is switched off beside, redirects included: bare axios has it to do as well.
 */
export const AXIOS_PORT_SETTINGS = { validateStatus: () => true, transformResponse: [] };

/** Core's HTTP port on axios, which stands in for `@ohos/axios`. */
export class AxiosPort implements HttpPort {
  readonly capabilities = THIN;

  constructor(
    private readonly core: Core,
    private readonly axios: AxiosInstance,
  ) {}

  async request({ method, url, headers, body, timeoutMs, bodyType, cancel }: HttpRequest): Promise<HttpResponse> {
    try {
      const isBinary = bodyType === this.core.HttpBodyType.Binary;
      const answer = await this.axios.request({
        method,
        url,
        headers: Object.fromEntries(headers),
        data: body ?? undefined,
        timeout: timeoutMs,
        responseType: isBinary ? 'arraybuffer' : 'text',
        signal: cancel === undefined ? undefined : new CancelSignal(cancel),
      });
      const received = new Map(Object.entries(answer.headers.toJSON(true)));
      const protocol = this.core.HttpProtocol.Http1;
      return isBinary
        ? {
            status: answer.status,
            headers: received,
            protocol,
            body: '',
            bytes: new Uint8Array(answer.data as Buffer).buffer,
          }
        : { status: answer.status, headers: received, protocol, body: answer.data as string };
    } catch (error) {
      throw failureOf(this.core, error as Error, cancel);
    }
  }
}
