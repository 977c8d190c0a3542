import type * as Declared from '@ohos/axios';

/** Objects become JSON, and say so; text and bytes pass. */
export function defaultTransformRequest(data: unknown, headers: Declared.AxiosRequestHeaders): unknown {
  if (data === undefined || data === null || data instanceof ArrayBuffer) {
    return data;
  }
  if (typeof data === 'string') {
    headers.set('Content-Type', 'application/x-www-form-urlencoded', false);
    return data;
  }
  headers.set('Content-Type', 'application/json', false);
  return JSON.stringify(data);
}

/** Without a responseType, text that is JSON arrives parsed and other text as it is. */
export function defaultTransformResponse(data: unknown, config: Declared.AxiosRequestConfig): unknown {
  if (config.responseType !== undefined || typeof data !== 'string' || data === '') {
    return data;
  }
  try {
    return JSON.parse(data) as unknown;
  } catch {
    // Not JSON: the text itself is the answer.
    return data;
  }
}

export function uriOf(config: Declared.AxiosRequestConfig): string {
  const url = config.url ?? '';
  const base = config.baseURL;
  const isAbsolute = /^[a-z][a-z\d+\-.]*:\/\//i.test(url);
  const joined =
    base === undefined || base === '' || isAbsolute ? url : `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
  const query = queryOf(config);
  return query === '' ? joined : joined + (joined.includes('?') ? '&' : '?') + query;
}

function queryOf(config: Declared.AxiosRequestConfig): string {
  const params: unknown = config.params;
  if (params === undefined || params === null) {
    return '';
  }
  if (config.paramsSerializer !== undefined) {
    return config.paramsSerializer(params);
  }
  if (params instanceof URLSearchParams) {
    return params.toString();
  }
  return Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([key, value]) => (Array.isArray(value) ? value.map((item) => [`${key}[]`, item]) : [[key, value]]))
    .map(([key, value]) => `${encodeURIComponent(String(key))}=${encodeURIComponent(paramText(value))}`)
    .join('&');
}

function paramText(value: unknown): string {
  if (value instanceof Date) {
    return value.toISOString();
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
