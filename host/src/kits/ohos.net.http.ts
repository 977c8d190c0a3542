import type http from '@ohos.net.http';
import type { AsyncCallback, Callback } from '@ohos.base';
import { HostError } from '../runtime/core/errors.js';
import { settle } from './support/business-error.js';
import { enumOf } from './support/enums.js';
import { responseCodes } from './support/http-codes.js';
import { HttpExchange } from './support/http-exchange.js';
import { HttpCode } from './support/http-failure-codes.js';
import { httpError, type ExchangeHead } from './support/http-request.js';
import { emitSuccess, Listeners } from './support/listeners.js';
import { loud } from './support/loud.js';

type Options = http.HttpRequestOptions;

const DEFAULT_LIMIT_BYTES = 5 * 1024 * 1024;
const MAX_LIMIT_BYTES = 100 * 1024 * 1024;
const STRING = 0;
const OBJECT = 1;
const ARRAY_BUFFER = 2;

interface Events {
  headerReceive: Listeners<AsyncCallback<object>>;
  headersReceive: Listeners<Callback<object>>;
  dataReceive: Listeners<Callback<ArrayBuffer>>;
  dataEnd: Listeners<Callback<void>>;
  dataReceiveProgress: Listeners<Callback<http.DataReceiveProgressInfo>>;
  dataSendProgress: Listeners<Callback<http.DataSendProgressInfo>>;
}

/** One HttpRequest makes one request: the documentation forbids reuse, so the host refuses it. */
class HostHttpRequest implements http.HttpRequest {
  private exchange: HttpExchange | null = null;
  private isDestroyed = false;
  private readonly events: Events = {
    headerReceive: new Listeners(),
    headersReceive: new Listeners(),
    dataReceive: new Listeners(),
    dataEnd: new Listeners(),
    dataReceiveProgress: new Listeners(),
    dataSendProgress: new Listeners(),
  };

  request(url: string, callback: AsyncCallback<http.HttpResponse>): void;
  request(url: string, options: Options, callback: AsyncCallback<http.HttpResponse>): void;
  request(url: string, options?: Options): Promise<http.HttpResponse>;
  request(
    url: string,
    second?: Options | AsyncCallback<http.HttpResponse>,
    third?: AsyncCallback<http.HttpResponse>,
  ): Promise<http.HttpResponse> | void {
    const callback = typeof second === 'function' ? second : third;
    const options = typeof second === 'function' || second === undefined ? {} : second;
    return settle(this.whole(url, options), callback);
  }

  requestInStream(url: string, callback: AsyncCallback<number>): void;
  requestInStream(url: string, options: Options, callback: AsyncCallback<number>): void;
  requestInStream(url: string, options?: Options): Promise<number>;
  requestInStream(
    url: string,
    second?: Options | AsyncCallback<number>,
    third?: AsyncCallback<number>,
  ): Promise<number> | void {
    const callback = typeof second === 'function' ? second : third;
    const options = typeof second === 'function' || second === undefined ? {} : second;
    return settle(this.stream(url, options), callback);
  }

  /** Cuts a running request on the wire. */
  destroy(): void {
    this.isDestroyed = true;
    this.exchange?.abort(HttpCode.Cut);
  }

  on(type: 'headerReceive', callback: AsyncCallback<object>): void;
  on(type: 'headersReceive', callback: Callback<object>): void;
  on(type: 'dataReceive', callback: Callback<ArrayBuffer>): void;
  on(type: 'dataEnd', callback: Callback<void>): void;
  on(type: 'dataReceiveProgress', callback: Callback<http.DataReceiveProgressInfo>): void;
  on(type: 'dataSendProgress', callback: Callback<http.DataSendProgressInfo>): void;
  on(type: keyof Events, callback: (...args: never[]) => void): void {
    (this.events[type] as Listeners<(...args: never[]) => void>).add(callback);
  }

  off(type: 'headerReceive', callback?: AsyncCallback<object>): void;
  off(type: 'headersReceive', callback?: Callback<object>): void;
  off(type: 'dataReceive', callback?: Callback<ArrayBuffer>): void;
  off(type: 'dataEnd', callback?: Callback<void>): void;
  off(type: 'dataReceiveProgress', callback?: Callback<http.DataReceiveProgressInfo>): void;
  off(type: 'dataSendProgress', callback?: Callback<http.DataSendProgressInfo>): void;
  off(type: keyof Events, callback?: (...args: never[]) => void): void {
    (this.events[type] as Listeners<(...args: never[]) => void>).remove(callback);
  }

  once(type: 'headersReceive', callback: Callback<object>): void {
    const wrapper = (header: object): void => {
      this.events[type].remove(wrapper);
      callback(header);
    };
    this.events[type].add(wrapper);
  }

  private async head(url: string, options: Options): Promise<ExchangeHead> {
    if (this.exchange !== null || this.isDestroyed) {
      throw new HostError('http: one HttpRequest makes one request; call createHttp() for the next one');
    }
    const listeners = this.events.dataSendProgress;
    const onSent =
      listeners.size === 0
        ? null
        : (sendSize: number, totalSize: number): void => listeners.emit({ sendSize, totalSize });
    this.exchange = new HttpExchange(url, options, { onSent, onRedirect: (header) => this.headed(header) });
    const head = await this.exchange.start();
    this.headed(head.header);
    return head;
  }

  private headed(header: ExchangeHead['header']): void {
    emitSuccess(this.events.headerReceive, header);
    this.events.headersReceive.emit(header);
  }

  private async whole(url: string, options: Options): Promise<http.HttpResponse> {
    const limit = Math.min(options.maxLimit ?? DEFAULT_LIMIT_BYTES, MAX_LIMIT_BYTES);
    const head = await this.head(url, options);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of head.chunks) {
      size += chunk.byteLength;
      if (size > limit) {
        this.exchange?.abort(HttpCode.Cut);
        throw httpError(HttpCode.Cut);
      }
      parts.push(chunk);
    }
    const decoded = decode(parts, size, options.expectDataType, String(head.header['content-type'] ?? ''));
    return {
      ...decoded,
      responseCode: head.status,
      header: head.header,
      cookies: '',
      performanceTiming: head.timing(),
    };
  }

  /** Settles when the transfer is over: on a device the status code arrives with the end of the stream. */
  private async stream(url: string, options: Options): Promise<number> {
    const head = await this.head(url, options);
    const totalSize = Number(head.header['content-length'] ?? 0);
    let receiveSize = 0;
    for await (const chunk of head.chunks) {
      receiveSize += chunk.byteLength;
      this.events.dataReceive.emit(toArrayBuffer(chunk));
      this.events.dataReceiveProgress.emit({ receiveSize, totalSize });
    }
    this.events.dataEnd.emit();
    return head.status;
  }
}

type Decoded = Pick<http.HttpResponse, 'result' | 'resultType'>;

function decode(parts: Uint8Array[], size: number, expected: http.HttpDataType | undefined, type: string): Decoded {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  const wanted: number = expected ?? (type.includes('application/octet-stream') ? ARRAY_BUFFER : STRING);
  if (wanted === ARRAY_BUFFER) {
    return { result: bytes.buffer, resultType: ARRAY_BUFFER };
  }
  const text = new TextDecoder().decode(bytes);
  if (wanted === OBJECT) {
    try {
      return { result: JSON.parse(text) as object, resultType: OBJECT };
    } catch {
      // The kit then hands over the text and says so in resultType.
    }
  }
  return { result: text, resultType: STRING as http.HttpDataType };
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  // A copy: what Node reads may lie in a larger buffer, of which `slice` would show all.
  return new Uint8Array(bytes).buffer;
}

export default loud<typeof http>('http', {
  createHttp: () => new HostHttpRequest(),
  RequestMethod: enumOf<typeof http.RequestMethod>({
    OPTIONS: 'OPTIONS',
    GET: 'GET',
    HEAD: 'HEAD',
    POST: 'POST',
    PUT: 'PUT',
    DELETE: 'DELETE',
    TRACE: 'TRACE',
    CONNECT: 'CONNECT',
  }),
  HttpDataType: enumOf<typeof http.HttpDataType>({ STRING, OBJECT, ARRAY_BUFFER }),
  HttpProtocol: enumOf<typeof http.HttpProtocol>({ HTTP1_1: 0, HTTP2: 1, HTTP3: 2 }),
  ResponseCode: responseCodes,
});
