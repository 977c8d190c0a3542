import type http from '@ohos.net.http';
import { HostError } from '../../runtime/core/errors.js';
import type { KitError } from '../support/business-error.js';
import { HttpCode } from '../support/http-failure-codes.js';
import {
  DEFAULT_TIMEOUT_MS,
  httpError,
  wireRequest,
  type ExchangeHead,
  type ExchangeListener,
} from '../support/http-request.js';
import { Connections, type Lease } from './connections.js';
import type { DialTimes, Target } from './dial.js';
import type { LineAnswer, LineRequest } from './line.js';
import { WireFailure } from './wire-failure.js';

const NOT_IMPLEMENTED = [
  'clientCert',
  'dnsOverHttps',
  'dnsServers',
  'multiFormDataList',
  'resumeFrom',
  'resumeTo',
  'usingProxy',
] as const;
const HTTP1_1 = 0;
/** Curl's own limit. */
const MAX_REDIRECTS = 30;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What is repeated when an old connection turns out to be dead (RFC 9110, section 9.2.2). */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
/** Not for another origin than the one that they were meant for. */
const SECRETS = ['authorization', 'cookie'];

/** The connections of this process, as libcurl keeps those of an app. */
const connections = new Connections();

/**
 * One request in Node, as curl makes it on a device: HTTP/2 by ALPN, kept connections, own authorities and pins, and time
 * measured step by step. Differences are in docs/FIDELITY.md.
 */
export class HttpExchange {
  private readonly controller = new AbortController();
  private readonly startedAt = performance.now();
  private readonly times: DialTimes = { dnsMs: 0, tcpMs: 0, tlsMs: 0 };
  private sentMs = 0;
  private headMs = 0;
  private endMs = 0;
  private redirectMs = 0;
  private totalTimer: NodeJS.Timeout | undefined;
  private connectTimer: NodeJS.Timeout | undefined;
  private failure: KitError | null = null;
  private lease: Lease | null = null;
  private readBefore = 0;

  constructor(
    private readonly url: string,
    private readonly options: http.HttpRequestOptions,
    private readonly listener: ExchangeListener,
  ) {}

  async start(): Promise<ExchangeHead> {
    const request = wireRequest(this.url, this.options);
    const unknown = NOT_IMPLEMENTED.find((name) => this.options[name] !== undefined);
    if (unknown !== undefined) {
      throw new HostError(`http.request: option ${unknown} is not implemented by the host`);
    }
    const totalMs = this.options.readTimeout ?? DEFAULT_TIMEOUT_MS;
    if (totalMs > 0) {
      this.totalTimer = setTimeout(() => this.timedOut(), totalMs);
    }
    try {
      const answer = await this.follow({
        ...request,
        body: request.body === null ? null : bytesOf(request.body),
        onSent: this.listener.onSent,
        signal: this.controller.signal,
      });
      return {
        status: answer.status,
        header: headerOf(answer),
        chunks: this.read(answer),
        timing: () => this.timing(),
      };
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** Cuts the exchange on the wire. A running request fails with `code`. */
  abort(code: number): void {
    this.failure ??= httpError(code);
    this.finish();
    this.controller.abort(this.failure);
  }

  private timedOut(): void {
    // A connection that is silent for the whole of an exchange may be dead; the next one gets another.
    if (this.lease !== null && this.lease.line.bytesRead() === this.readBefore) {
      this.lease.line.retire();
    }
    this.abort(HttpCode.Timeout);
  }

  private async follow(first: LineRequest): Promise<LineAnswer> {
    let request = first;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const answer = await this.send(request);
      const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
      if (!REDIRECTS.has(answer.status) || location === undefined) {
        return answer;
      }
      this.listener.onRedirect(headerOf(answer));
      await drained(answer.body);
      this.redirectMs = this.sinceStart();
      request = redirected(request, new URL(location, request.url), answer.status);
    }
    throw httpError(HttpCode.Redirects);
  }

  /** Once more over a new connection, where the first try cannot have done anything. */
  private async send(request: LineRequest): Promise<LineAnswer> {
    try {
      return await this.sendOnce(request);
    } catch (error) {
      const mayRepeat =
        error instanceof WireFailure && (error.isUnprocessed || (error.isStale && REPEATABLE.has(request.method)));
      if (!mayRepeat || this.controller.signal.aborted) {
        throw error;
      }
      return await this.sendOnce(request);
    }
  }

  private async sendOnce(request: LineRequest): Promise<LineAnswer> {
    const connectMs = this.options.connectTimeout ?? DEFAULT_TIMEOUT_MS;
    if (connectMs > 0) {
      this.connectTimer = setTimeout(() => this.abort(HttpCode.Timeout), connectMs);
    }
    const askedMs = this.sinceStart();
    const lease = await connections.lease(targetOf(request.url, this.options), this.controller.signal);
    clearTimeout(this.connectTimer);
    this.lease = lease;
    this.readBefore = lease.line.bytesRead();
    if (lease.times !== null) {
      this.times.dnsMs = askedMs + lease.times.dnsMs;
      this.times.tcpMs = askedMs + lease.times.tcpMs;
      this.times.tlsMs = lease.times.tlsMs === 0 ? 0 : askedMs + lease.times.tlsMs;
    }
    this.sentMs = this.sinceStart();
    const answer = await lease.line.send(request);
    this.headMs = this.sinceStart();
    return answer;
  }

  private async *read(answer: LineAnswer): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of answer.body) {
        yield chunk;
      }
      this.endMs = this.sinceStart();
      if (this.failure !== null) {
        throw this.failure;
      }
    } catch (error) {
      throw this.failed(error);
    } finally {
      this.finish();
    }
  }

  private failed(error: unknown): unknown {
    this.finish();
    return this.failure ?? (error instanceof WireFailure ? httpError(error.code) : error);
  }

  private timing(): http.PerformanceTiming {
    const { dnsMs, tcpMs, tlsMs } = this.times;
    return {
      dnsTiming: dnsMs,
      tcpTiming: tcpMs,
      tlsTiming: tlsMs,
      firstSendTiming: this.sentMs,
      firstReceiveTiming: this.headMs,
      totalFinishTiming: this.endMs,
      redirectTiming: this.redirectMs,
      responseHeaderTiming: this.headMs,
      responseBodyTiming: this.endMs,
      totalTiming: this.sinceStart(),
    };
  }

  private sinceStart(): number {
    return performance.now() - this.startedAt;
  }

  private finish(): void {
    clearTimeout(this.totalTimer);
    clearTimeout(this.connectTimer);
  }
}

/** To its end, so that the connection is free again. */
async function drained(body: AsyncIterable<Uint8Array>): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  while ((await pieces.next()).done !== true) {
    // Nobody wants it.
  }
}

function targetOf(url: URL, options: http.HttpRequestOptions): Target {
  const isTls = url.protocol === 'https:';
  const pins = [options.certificatePinning ?? []].flat().map(({ publicKeyHash }) => publicKeyHash);
  const offersHttp2 = options.usingProtocol !== (HTTP1_1 as http.HttpProtocol);
  const caPath = options.caPath ?? null;
  return {
    key: JSON.stringify([url.origin, caPath, pins, offersHttp2]),
    origin: url.origin,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port === '' ? (isTls ? 443 : 80) : url.port),
    isTls,
    caPath,
    pins,
    offersHttp2,
  };
}

/** The kit keeps the last of several values, drops empty ones, and makes a list of `set-cookie` alone. */
function headerOf(answer: LineAnswer): ExchangeHead['header'] {
  const header: Record<string, string | string[]> = { [answer.statusLine]: '' };
  const cookies: string[] = [];
  for (const [name, value] of answer.headers) {
    if (name.toLowerCase() === 'set-cookie') {
      cookies.push(value);
    } else if (value !== '') {
      header[name.toLowerCase()] = value;
    }
  }
  if (cookies.length > 0) {
    header['set-cookie'] = cookies;
  }
  return header;
}

/** As curl: the method that the kit fixed stays; a body goes along with 307 and 308 only. */
function redirected(request: LineRequest, url: URL, status: number): LineRequest {
  const isSameOrigin = url.origin === request.url.origin;
  const keepsBody = status === 307 || status === 308;
  const headers = [...request.headers].filter(
    ([name]) => (isSameOrigin || !SECRETS.includes(name)) && (keepsBody || name !== 'content-type'),
  );
  return { ...request, url, headers: new Map(headers), body: keepsBody ? request.body : null };
}

function bytesOf(body: string | ArrayBuffer): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
}
