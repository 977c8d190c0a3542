import type * as Declared from '@ohos/axios';
import { HostError } from '../../runtime/core/errors.js';
import { Axios } from './axios/client.js';
import { AxiosError as HostAxiosError, CanceledError } from './axios/error.js';
import { AxiosHeaders as HostAxiosHeaders } from './axios/headers.js';

/**
 * Stands in for the ohpm package `@ohos/axios`, over the http kit and no kinder than the package: no PATCH, 5 MiB
 * unless told, error codes of curl plus 2300000, and a signal that does not reach what is already on the wire.
 */
function instanceOf(config?: Declared.AxiosRequestConfig): Declared.AxiosInstance {
  const client = new Axios(config);
  const call = (first: string | Declared.AxiosRequestConfig, second?: Declared.AxiosRequestConfig): Promise<unknown> =>
    client.request(typeof first === 'string' ? { ...second, url: first } : first);
  return Object.assign(call, {
    defaults: client.defaults,
    interceptors: client.interceptors,
    getUri: client.getUri.bind(client),
    request: client.request.bind(client),
    get: client.get.bind(client),
    delete: client.delete.bind(client),
    post: client.post.bind(client),
    put: client.put.bind(client),
  }) as unknown as Declared.AxiosInstance;
}

export function isAxiosError(payload: unknown): boolean {
  return payload instanceof HostAxiosError;
}

export const AxiosError = HostAxiosError as unknown as typeof Declared.AxiosError;
export const AxiosHeaders = HostAxiosHeaders as unknown as typeof Declared.AxiosHeaders;

export class FormData implements Declared.FormData {
  append(name: string): void {
    throw new HostError(`@ohos/axios: FormData.append('${name}') is not implemented by the host`);
  }
}

const axios: Declared.AxiosStatic = Object.assign(instanceOf(), {
  create: instanceOf,
  isCancel: (value: unknown) => value instanceof CanceledError,
  isAxiosError,
  AxiosError,
});

export { Axios };
export default axios;
