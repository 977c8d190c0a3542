import type http from '@ohos.net.http';
import { HostError } from '../../runtime/core/errors.js';
import type { KitError } from './business-error.js';
import { HttpCode } from './http-failure-codes.js';
import {
  DEFAULT_TIMEOUT_MS,
  httpError,
  wireRequest,
  type ExchangeHead,
  type ExchangeListener,
  type WireRequest,
} from './http-request.js';
import { upload } from './http-upload.js';

/** Fetch drops these silently (the Fetch standard's forbidden request headers that an app may want to set). */
const UNSENDABLE = new Set(['cookie', 'host', 'origin', 'referer', 'connection', 'content-length']);
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
] as const;

/**
 * One request in a browser: over fetch, and over XMLHttpRequest where somebody wants to know what of the body has left.
 * `readTimeout` bounds everything from the first byte sent to the last byte read, as the kit's does (it becomes
 * CURLOPT_TIMEOUT); 0 means no bound. `connectTimeout` cannot be told from the rest in a browser and is not enforced.
 * The browser chooses the protocol, so `usingProtocol` has nothing to do; it follows redirects without a word of them.
 */
export class HttpExchange {
  private readonly controller = new AbortController();
  private readonly startedAt = performance.now();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private failure: KitError | null = null;

  constructor(
    private readonly url: string,
    private readonly options: http.HttpRequestOptions,
    private readonly listener: ExchangeListener,
  ) {}

  async start(): Promise<ExchangeHead> {
    const unknown = NOT_IMPLEMENTED.find((name) => this.options[name] !== undefined);
    const request = wireRequest(this.url, this.options);
    if (unknown !== undefined) {
      throw new HostError(`http.request: option ${unknown} is not implemented by the host`);
    }
    const unsendable = [...request.headers.keys()].find((name) => UNSENDABLE.has(name));
    if (unsendable !== undefined) {
      throw new HostError(`http.request: browsers cannot send the header ${unsendable}`);
    }
    const readTimeoutMs = this.options.readTimeout ?? DEFAULT_TIMEOUT_MS;
    if (readTimeoutMs > 0) {
      this.timer = setTimeout(() => this.abort(HttpCode.Timeout), readTimeoutMs);
    }
    try {
      const response = await this.send(request);
      return {
        status: response.status,
        header: Object.fromEntries(response.headers),
        chunks: this.read(response),
        timing: () => this.timing(),
      };
    } catch {
      // Fetch reports every network failure as one TypeError without a cause.
      this.finish();
      throw this.failure ?? httpError(HttpCode.Connect);
    }
  }

  /** Cuts the connection. A running request fails with `code`. */
  abort(code: number): void {
    this.failure ??= httpError(code);
    this.controller.abort();
    this.finish();
  }

  /** A browser shows no phases across origins: all but the total are 0. */
  private timing(): http.PerformanceTiming {
    const totalMs = performance.now() - this.startedAt;
    return {
      dnsTiming: 0,
      tcpTiming: 0,
      tlsTiming: 0,
      firstSendTiming: 0,
      firstReceiveTiming: 0,
      totalFinishTiming: totalMs,
      redirectTiming: 0,
      responseHeaderTiming: 0,
      responseBodyTiming: 0,
      totalTiming: totalMs,
    };
  }

  private send(request: WireRequest): Promise<Response> {
    const { signal } = this.controller;
    const { onSent } = this.listener;
    if (onSent !== null && request.body !== null) {
      return upload(request, onSent, signal);
    }
    return fetch(request.url.href, {
      method: request.method,
      headers: [...request.headers],
      body: request.body,
      cache: this.options.usingCache === false ? 'no-store' : 'default',
      // The kit keeps its cookies for one request only.
      credentials: 'omit',
      redirect: 'follow',
      signal,
    });
  }

  private async *read(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    try {
      for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
        yield part.value;
      }
    } catch {
      throw this.failure ?? httpError(HttpCode.Receive);
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
