import type * as Declared from '@ohos/axios';
import { send } from './adapter.js';
import { AxiosError } from './error.js';
import { AxiosHeaders } from './headers.js';
import { InterceptorManager } from './interceptors.js';
import { defaultTransformRequest, defaultTransformResponse, uriOf } from './transforms.js';

type Config = Declared.AxiosRequestConfig;
type Internal = Declared.InternalAxiosRequestConfig;
type Response = Declared.AxiosResponse;

const DEFAULTS: Config = {
  headers: { Accept: 'application/json, text/plain, */*' },
  validateStatus: (status) => status >= 200 && status < 300,
  transformRequest: [defaultTransformRequest],
};

export class Axios implements Declared.Axios {
  defaults: Config;
  readonly interceptors = {
    request: new InterceptorManager<Internal>(),
    response: new InterceptorManager<Response>(),
  };

  constructor(config: Config = {}) {
    this.defaults = merge(DEFAULTS, config);
  }

  getUri(config: Config = {}): string {
    return uriOf(merge(this.defaults, config));
  }

  request<T, R = Declared.AxiosResponse<T>, D = unknown>(config: Declared.AxiosRequestConfig<D>): Promise<R> {
    const merged = merge(this.defaults, config as Config) as Internal;
    const prepared = this.interceptors.request.run(Promise.resolve(merged), 'last-first');
    return this.interceptors.response.run(prepared.then(dispatch), 'first-last') as Promise<R>;
  }

  get<T, R = Declared.AxiosResponse<T>, D = unknown>(url: string, config?: Declared.AxiosRequestConfig<D>): Promise<R> {
    return this.request<T, R, D>({ ...config, method: 'GET', url });
  }

  delete<T, R = Declared.AxiosResponse<T>, D = unknown>(
    url: string,
    config?: Declared.AxiosRequestConfig<D>,
  ): Promise<R> {
    return this.request<T, R, D>({ ...config, method: 'DELETE', url });
  }

  post<T, R = Declared.AxiosResponse<T>, D = unknown>(
    url: string,
    data?: D,
    config?: Declared.AxiosRequestConfig<D>,
  ): Promise<R> {
    return this.request<T, R, D>({ ...config, ...(data === undefined ? {} : { data }), method: 'POST', url });
  }

  put<T, R = Declared.AxiosResponse<T>, D = unknown>(
    url: string,
    data?: D,
    config?: Declared.AxiosRequestConfig<D>,
  ): Promise<R> {
    return this.request<T, R, D>({ ...config, ...(data === undefined ? {} : { data }), method: 'PUT', url });
  }
}

async function dispatch(config: Internal): Promise<Response> {
  const headers = new AxiosHeaders(config.headers);
  const sent: Internal = { ...config, headers: headers as unknown as Declared.AxiosRequestHeaders };
  let body: unknown = config.data;
  for (const transform of [config.transformRequest ?? []].flat()) {
    body = transform(body, sent.headers);
  }
  checkBody(sent, body);
  const response = await send(sent, uriOf(sent), body);
  const custom = config.transformResponse;
  const transforms =
    custom === undefined ? [(data: unknown) => defaultTransformResponse(data, config)] : [custom].flat();
  for (const transform of transforms) {
    response.data = transform(response.data) as unknown;
  }
  const validate = config.validateStatus;
  if (validate !== null && validate !== undefined && !validate(response.status)) {
    const code = response.status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST';
    const message = `Request failed with status code ${response.status}`;
    throw new AxiosError(message, code, sent, response.request, response);
  }
  return response;
}

function checkBody(config: Internal, body: unknown): void {
  const limit = config.maxBodyLength ?? -1;
  const size =
    typeof body === 'string'
      ? new TextEncoder().encode(body).byteLength
      : body instanceof ArrayBuffer
        ? body.byteLength
        : 0;
  if (limit >= 0 && size > limit) {
    throw new AxiosError('Request body larger than maxBodyLength limit', 'ERR_BAD_REQUEST', config);
  }
}

/** Later wins, header by header; undefined does not override. */
function merge(base: Config, config: Config): Config {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  const headers = new AxiosHeaders(base.headers);
  Object.entries(config.headers ?? {}).forEach(([name, value]) => headers.set(name, value as string));
  return { ...base, ...given, headers: headers as unknown as Declared.AxiosRequestHeaders };
}
