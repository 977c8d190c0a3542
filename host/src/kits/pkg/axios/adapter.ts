import type * as Declared from '@ohos/axios';
import type http from '@ohos.net.http';
import { HostError } from '../../../runtime/core/errors.js';
import httpKit from '../../ohos.net.http.js';
import { AxiosError, CanceledError } from './error.js';
import { AxiosHeaders } from './headers.js';

type Config = Declared.InternalAxiosRequestConfig;
type Response = Declared.AxiosResponse;

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_CONTENT_BYTES = 5 * 1024 * 1024;
const MAX_CONTENT_BYTES = 100 * 1024 * 1024;
/** The http module of API 12 has no PATCH, so the package cannot have one either. */
const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE']);
const RESPONSE_TYPES: Record<string, number> = { string: 0, object: 1, array_buffer: 2 };
const NOT_IMPLEMENTED = ['filePath', 'proxy', 'onUploadProgress', 'onDownloadProgress'] as const;

/** Sends one prepared request over the http kit, with that kit's limits and error codes. */
export async function send(config: Config, url: string, body: unknown): Promise<Response> {
  const method = checked(config);
  // The one moment at which a signal counts: what is on the wire is not cancelled.
  if (config.signal?.aborted === true) {
    throw new CanceledError(config);
  }
  const request = httpKit.createHttp();
  try {
    const result = await withTimeout(config, request, request.request(url, kitOptions(config, method, body)));
    return {
      data: result.result,
      status: result.responseCode,
      statusText: '',
      headers: new AxiosHeaders(result.header as Record<string, string>) as unknown as Declared.AxiosResponseHeaders,
      config,
      request,
      performanceTiming: result.performanceTiming,
    };
  } catch (error) {
    throw asAxiosError(error, config, request);
  } finally {
    request.destroy();
  }
}

function checked(config: Config): string {
  const unknown = NOT_IMPLEMENTED.find((name) => config[name] !== undefined && config[name] !== false);
  if (unknown !== undefined) {
    throw new HostError(`@ohos/axios: option ${unknown} is not implemented by the host`);
  }
  if (config.responseType !== undefined && !(config.responseType in RESPONSE_TYPES)) {
    const known = Object.keys(RESPONSE_TYPES).join(' | ');
    throw new AxiosError(`responseType: expected ${known}, got ${config.responseType}`, 'ERR_BAD_OPTION_VALUE', config);
  }
  const method = (config.method ?? 'GET').toUpperCase();
  if (!METHODS.has(method)) {
    const known = [...METHODS].join(' | ');
    throw new AxiosError(`method: expected ${known}, got ${method}`, 'ERR_BAD_OPTION_VALUE', config);
  }
  return method;
}

function kitOptions(config: Config, method: string, body: unknown): http.HttpRequestOptions {
  const headers = Object.entries(config.headers as unknown as Record<string, unknown>);
  const type = RESPONSE_TYPES[config.responseType ?? 'string'] as http.HttpDataType;
  return {
    method: method as http.RequestMethod,
    header: Object.fromEntries(headers.filter(([, value]) => value !== null && value !== undefined)),
    readTimeout: config.readTimeout ?? DEFAULT_TIMEOUT_MS,
    connectTimeout: config.connectTimeout ?? DEFAULT_TIMEOUT_MS,
    maxLimit: contentLimit(config),
    usingCache: false,
    expectDataType: type,
    ...(config.caPath === undefined ? {} : { caPath: config.caPath }),
    ...(body === undefined || body === null ? {} : { extraData: body as string | ArrayBuffer }),
  };
}

function contentLimit(config: Config): number {
  const limit = config.maxContentLength ?? DEFAULT_CONTENT_BYTES;
  return limit < 0 ? MAX_CONTENT_BYTES : Math.min(limit, MAX_CONTENT_BYTES);
}

async function withTimeout<T>(config: Config, request: http.HttpRequest, running: Promise<T>): Promise<T> {
  const timeoutMs = config.timeout ?? 0;
  if (timeoutMs <= 0) {
    return await running;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AxiosError(`timeout of ${timeoutMs}ms exceeded`, 'ECONNABORTED', config, request));
    }, timeoutMs);
  });
  try {
    return await Promise.race([running, expired]);
  } finally {
    clearTimeout(timer);
    // The loser of the race fails when the request is destroyed; nobody waits for it any more.
    running.catch(() => undefined);
  }
}

function asAxiosError(error: unknown, config: Config, request: http.HttpRequest): unknown {
  if (error instanceof AxiosError || error instanceof HostError) {
    return error;
  }
  const { message, code } = error as { message: string; code?: number };
  return new AxiosError(message, code ?? 'ERR_NETWORK', config, request);
}
