import type http from '@ohos.net.http';
import { HostError } from '../../runtime/core/errors.js';
import { KitError, parameterError } from './business-error.js';

/** What the declarations promise: 60 s each. */
const DEFAULT_TIMEOUT_MS = 60_000;
/** The text of each error code that this host can tell apart, from the declarations. */
const MESSAGES: Record<number, string> = {
  2300001: 'Unsupported protocol.',
  2300003: 'Invalid URL format or missing URL.',
  2300007: 'Failed to connect to the server.',
  2300023: 'Failed to write the received data to the disk or application.',
  2300028: 'Operation timeout.',
  2300056: 'Failed to receive data from the peer.',
};
/** Fetch drops these silently (the Fetch standard's forbidden request headers that an app may want to set). */
const UNSENDABLE = new Set(['cookie', 'host', 'origin', 'referer', 'connection', 'content-length']);
const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE']);
/** Only these carry a body; for the others the kit puts extraData into the query. */
const WITH_BODY = new Set(['POST', 'PUT']);
const NOT_IMPLEMENTED = [
  'caPath',
  'clientCert',
  'dnsOverHttps',
  'dnsServers',
  'multiFormDataList',
  'certificatePinning',
  'resumeFrom',
  'resumeTo',
  'usingProxy',
  'usingProtocol',
] as const;

export function httpError(code: number): KitError {
  return new KitError(code, MESSAGES[code] ?? 'Unknown error.');
}

export interface ExchangeHead {
  readonly status: number;
  /** Names in lower case. CORS hides what the server does not expose. */
  readonly header: Record<string, string>;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * One request over fetch. `readTimeout` bounds everything from the first byte sent to the last byte read, as the kit's
 * does (it becomes CURLOPT_TIMEOUT); 0 means no bound. `connectTimeout` cannot be told from the rest in a browser and
 * is not enforced.
 */
export class HttpExchange {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private failure: KitError | null = null;

  constructor(
    private readonly url: string,
    private readonly options: http.HttpRequestOptions,
  ) {}

  async start(): Promise<ExchangeHead> {
    const request = buildRequest(this.url, this.options);
    const readTimeoutMs = this.options.readTimeout ?? DEFAULT_TIMEOUT_MS;
    if (readTimeoutMs > 0) {
      this.timer = setTimeout(() => this.abort(2300028), readTimeoutMs);
    }
    try {
      const response = await fetch(request.url, { ...request.init, signal: this.controller.signal });
      return {
        status: response.status,
        header: Object.fromEntries(response.headers),
        chunks: this.read(response),
      };
    } catch {
      // Fetch reports every network failure as one TypeError without a cause.
      this.finish();
      throw this.failure ?? httpError(2300007);
    }
  }

  /** Cuts the connection. A running request fails with `code`. */
  abort(code: number): void {
    this.failure ??= httpError(code);
    this.controller.abort();
    this.finish();
  }

  private async *read(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    try {
      for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
        yield part.value;
      }
    } catch {
      throw this.failure ?? httpError(2300056);
    } finally {
      this.finish();
    }
  }

  private finish(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }
}

function buildRequest(url: string, options: http.HttpRequestOptions): { url: string; init: RequestInit } {
  if (!URL.canParse(url)) {
    throw httpError(2300003);
  }
  const target = new URL(url);
  if (!/^https?:$/.test(target.protocol)) {
    throw httpError(2300001);
  }
  const unknown = NOT_IMPLEMENTED.find((name) => options[name] !== undefined);
  if (unknown !== undefined) {
    throw new HostError(`http.request: option ${unknown} is not implemented by the host`);
  }
  const method: string = options.method ?? 'GET';
  if (!METHODS.has(method)) {
    throw parameterError('method', [...METHODS].join(' | '), method);
  }
  const headers = requestHeaders(options.header);
  const init: RequestInit = {
    method,
    headers,
    cache: options.usingCache === false ? 'no-store' : 'default',
    // The kit keeps no cookie jar.
    credentials: 'omit',
    redirect: 'follow',
  };
  const data = options.extraData;
  if (data !== undefined && WITH_BODY.has(method)) {
    if (!headers.has('content-type')) {
      headers.set('content-type', 'application/json');
    }
    init.body = encodeBody(data, headers.get('content-type') ?? '');
  } else if (data !== undefined) {
    appendQuery(target, data);
  }
  return { url: target.href, init };
}

function requestHeaders(header: object | undefined): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries((header ?? {}) as Record<string, unknown>)) {
    if (UNSENDABLE.has(name.toLowerCase())) {
      throw new HostError(`http.request: browsers cannot send the header ${name}`);
    }
    headers.set(name, String(value));
  }
  return headers;
}

function encodeBody(data: string | object | ArrayBuffer, contentType: string): BodyInit {
  if (typeof data === 'string' || data instanceof ArrayBuffer) {
    return data;
  }
  if (contentType.includes('application/x-www-form-urlencoded')) {
    return new URLSearchParams(stringEntries(data)).toString();
  }
  return JSON.stringify(data);
}

function appendQuery(target: URL, data: string | object | ArrayBuffer): void {
  if (data instanceof ArrayBuffer) {
    throw parameterError('extraData', 'string or object for a method without a body', 'ArrayBuffer');
  }
  const query = typeof data === 'string' ? data : new URLSearchParams(stringEntries(data)).toString();
  if (query !== '') {
    target.search += (target.search === '' ? '?' : '&') + query;
  }
}

function stringEntries(data: object): [string, string][] {
  return Object.entries(data).map(([key, value]) => [key, String(value)]);
}
