/**
 * What Parley may use of the ohpm package `@ohos/axios` 2.2.4. The package is not on npm, so its public contract is
 * written down here; the host's stand-in implements the same names.
 */

/** No PATCH: the system's http module has none before API 23. */
export type Method = 'get' | 'GET' | 'delete' | 'DELETE' | 'post' | 'POST' | 'put' | 'PUT';

export type ResponseType = 'string' | 'object' | 'array_buffer';

export type AxiosHeaderValue = string | string[] | number | boolean | null;

export interface RawAxiosHeaders {
  [key: string]: AxiosHeaderValue;
}

export class AxiosHeaders {
  constructor(headers?: RawAxiosHeaders | AxiosHeaders | string);
  [key: string]: ESObject;
  set(headerName?: string, value?: AxiosHeaderValue, rewrite?: boolean): AxiosHeaders;
  get(headerName: string): AxiosHeaderValue;
  has(header: string): boolean;
  delete(header: string | string[]): boolean;
}

export type AxiosRequestHeaders = Partial<RawAxiosHeaders> & AxiosHeaders;

/** Names are lower-cased. */
export type AxiosResponseHeaders = RawAxiosHeaders & AxiosHeaders;

export interface AxiosProgressEvent {
  loaded: number;
  total?: number;
  progress?: number;
  bytes: number;
  rate?: number;
  estimated?: number;
  upload?: boolean;
  download?: boolean;
}

export interface AxiosProxyConfig {
  host: string;
  port: number;
  exclusionList: string[];
}

export interface GenericAbortSignal {
  readonly aborted: boolean;
  onabort?: ((...args: ESObject[]) => void) | null;
  addEventListener?: (...args: ESObject[]) => void;
  removeEventListener?: (...args: ESObject[]) => void;
}

export type AxiosRequestTransformer = (data: ESObject, headers: AxiosRequestHeaders) => ESObject;

export type AxiosResponseTransformer = (data: ESObject, headers?: AxiosResponseHeaders, status?: number) => ESObject;

export interface AxiosRequestConfig<D = ESObject> {
  url?: string;
  method?: Method | string;
  baseURL?: string;
  headers?: RawAxiosHeaders | AxiosHeaders | Record<string, AxiosHeaderValue>;
  params?: ESObject;
  paramsSerializer?: (params: ESObject) => string;
  data?: D;
  /** Whole request, ms; 0 leaves it to the two below. */
  timeout?: number;
  /** ms, 60 000 when absent. On a device it is the total time of the answer. */
  readTimeout?: number;
  /** ms, 60 000 when absent. */
  connectTimeout?: number;
  transformRequest?: AxiosRequestTransformer | AxiosRequestTransformer[];
  transformResponse?: AxiosResponseTransformer | AxiosResponseTransformer[];
  validateStatus?: ((status: number) => boolean) | null;
  /** Bytes, 5 MiB when absent, at most 100 MiB, -1 for no limit of its own. */
  maxContentLength?: number;
  maxBodyLength?: number;
  responseType?: ResponseType;
  /** Cancels reliably only what has not been sent yet. */
  signal?: GenericAbortSignal;
  onUploadProgress?: (event: AxiosProgressEvent) => void;
  onDownloadProgress?: (event: AxiosProgressEvent) => void;
  /** Where a download goes: the file must not exist, its folder must. */
  filePath?: string;
  caPath?: string;
  proxy?: AxiosProxyConfig | false;
  /** 1 (lowest) to 1000. */
  priority?: number;
}

export interface InternalAxiosRequestConfig<D = ESObject> extends AxiosRequestConfig<D> {
  headers: AxiosRequestHeaders;
}

export interface AxiosResponse<T = ESObject, D = ESObject> {
  data: T;
  status: number;
  statusText: string;
  headers: AxiosResponseHeaders;
  config: InternalAxiosRequestConfig<D>;
  request?: ESObject;
  performanceTiming?: ESObject;
}

export class AxiosError<T = ESObject, D = ESObject> extends Error {
  constructor(
    message?: string,
    code?: string,
    config?: InternalAxiosRequestConfig<D>,
    request?: ESObject,
    response?: AxiosResponse<T, D>,
  );
  config?: InternalAxiosRequestConfig<D>;
  /** ERR_CANCELED, ECONNABORTED, or 2300000 plus the code of curl. */
  code?: string | number;
  request?: ESObject;
  response?: AxiosResponse<T, D>;
  isAxiosError: boolean;
  status?: number;
}

export interface AxiosInterceptorManager<V> {
  use(onFulfilled?: ((value: V) => V | Promise<V>) | null, onRejected?: ((error: ESObject) => ESObject) | null): number;
  eject(id: number): void;
}

export interface AxiosInterceptors {
  request: AxiosInterceptorManager<InternalAxiosRequestConfig>;
  response: AxiosInterceptorManager<AxiosResponse>;
}

/** ArkTS wants all three type arguments at every call: `get<T, AxiosResponse<T>, null>(url, config)`. */
export class Axios {
  constructor(config?: AxiosRequestConfig);
  defaults: AxiosRequestConfig;
  interceptors: AxiosInterceptors;
  getUri(config?: AxiosRequestConfig): string;
  request<T = ESObject, R = AxiosResponse<T>, D = ESObject>(config: AxiosRequestConfig<D>): Promise<R>;
  get<T = ESObject, R = AxiosResponse<T>, D = ESObject>(url: string, config?: AxiosRequestConfig<D>): Promise<R>;
  delete<T = ESObject, R = AxiosResponse<T>, D = ESObject>(url: string, config?: AxiosRequestConfig<D>): Promise<R>;
  post<T = ESObject, R = AxiosResponse<T>, D = ESObject>(
    url: string,
    data?: D,
    config?: AxiosRequestConfig<D>,
  ): Promise<R>;
  put<T = ESObject, R = AxiosResponse<T>, D = ESObject>(
    url: string,
    data?: D,
    config?: AxiosRequestConfig<D>,
  ): Promise<R>;
}

export interface AxiosInstance extends Axios {
  <T = ESObject, R = AxiosResponse<T>, D = ESObject>(config: AxiosRequestConfig<D>): Promise<R>;
  <T = ESObject, R = AxiosResponse<T>, D = ESObject>(url: string, config?: AxiosRequestConfig<D>): Promise<R>;
}

export interface AxiosStatic extends AxiosInstance {
  create(config?: AxiosRequestConfig): AxiosInstance;
  isCancel(value: ESObject): boolean;
  isAxiosError(payload: ESObject): boolean;
  AxiosError: typeof AxiosError;
}

/** `uri` values read `internal://cache/...`. */
export class FormData {
  append(name: string, value: string | ArrayBuffer, options?: FormDataOptions): void;
}

export interface FormDataOptions {
  filename?: string;
  type?: string;
}

export function isAxiosError(payload: ESObject): boolean;

declare const axios: AxiosStatic;
export default axios;
