import type http from '@ohos.net.http';
import { KitError, parameterError } from './business-error.js';
import { HttpCode } from './http-failure-codes.js';

/** What the declarations promise: 60 s each. */
export const DEFAULT_TIMEOUT_MS = 60_000;

/** The text of each, from the declarations. */
const MESSAGES: Record<number, string> = {
  2300001: 'Unsupported protocol.',
  2300003: 'Invalid URL format or missing URL.',
  2300006: 'Failed to resolve the host name.',
  2300007: 'Failed to connect to the server.',
  2300008: 'Invalid server response.',
  2300016: 'Error in the HTTP2 framing layer.',
  2300018: 'Transferred a partial file.',
  2300023: 'Failed to write the received data to the disk or application.',
  2300028: 'Operation timeout.',
  2300047: 'The number of redirections reaches the maximum allowed.',
  2300052: 'The server returned nothing (no header or data).',
  2300055: 'Failed to send data to the peer.',
  2300056: 'Failed to receive data from the peer.',
  2300060: 'Invalid SSL peer certificate or SSH remote key.',
  2300077: 'The SSL CA certificate does not exist or is inaccessible.',
};
const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE']);
/** RFC 9110, sections 5.1 and 5.5. Neither Node nor a browser sends anything else. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Only these carry a body; for the others the kit puts extraData into the query. */
const WITH_BODY = new Set(['POST', 'PUT']);

export function httpError(code: number): KitError {
  return new KitError(code, MESSAGES[code] ?? 'Unknown error.');
}

/** The head of an answer and its body. */
export interface ExchangeHead {
  readonly status: number;
  /** Names in lower case. `set-cookie` alone may have several values. */
  readonly header: Record<string, string | string[]>;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Of what has happened so far. */
  timing(): http.PerformanceTiming;
}

/** Told while a request's body leaves. */
export type SentListener = (sendSize: number, totalSize: number) => void;

export interface ExchangeListener {
  /** Null where nobody wants to know. */
  readonly onSent: SentListener | null;
  /** Told the headers of each answer that is not the last. */
  readonly onRedirect: (header: ExchangeHead['header']) => void;
}

export interface WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Map<string, string>;
  readonly body: string | ArrayBuffer | null;
}

/** What the kit makes of its options, before anything is sent. Throws what it rejects with. */
export function wireRequest(url: string, options: http.HttpRequestOptions): WireRequest {
  if (!URL.canParse(url)) {
    throw httpError(HttpCode.Url);
  }
  const target = new URL(url);
  if (!/^https?:$/.test(target.protocol)) {
    throw httpError(HttpCode.Scheme);
  }
  const method: string = options.method ?? 'GET';
  if (!METHODS.has(method)) {
    throw parameterError('method', [...METHODS].join(' | '), method);
  }
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries((options.header ?? {}) as Record<string, unknown>)) {
    headers.set(checkedName(name), checkedValue(name, String(value)));
  }
  let body: string | ArrayBuffer | null = null;
  const data = options.extraData;
  if (data !== undefined && WITH_BODY.has(method)) {
    if (!headers.has('content-type')) {
      headers.set('content-type', 'application/json');
    }
    body = encodeBody(data, headers.get('content-type') ?? '');
  } else if (data !== undefined) {
    appendQuery(target, data);
  }
  return { url: target, method, headers, body };
}

function checkedName(name: string): string {
  if (!TOKEN.test(name)) {
    throw parameterError('header', 'names of letters, digits and -', JSON.stringify(name));
  }
  return name.toLowerCase();
}

function checkedValue(name: string, value: string): string {
  if (!FIELD_VALUE.test(value)) {
    throw parameterError('header', `a value of Latin-1 without line breaks for ${name}`, 'another');
  }
  return value;
}

function encodeBody(data: string | object | ArrayBuffer, contentType: string): string | ArrayBuffer {
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
