import type * as Declared from '@ohos/axios';

type Config = Declared.InternalAxiosRequestConfig;

export class AxiosError extends Error {
  readonly isAxiosError = true;
  code?: string | number;
  config?: Config;
  request?: unknown;
  response?: Declared.AxiosResponse;
  status?: number;

  constructor(
    message?: string,
    code?: string | number,
    config?: Config,
    request?: unknown,
    response?: Declared.AxiosResponse,
  ) {
    super(message);
    this.name = 'AxiosError';
    Object.assign(this, definedOf({ code, config, request, response, status: response?.status }));
  }
}

/** What a cancelled request fails with. */
export class CanceledError extends AxiosError {
  constructor(config?: Config) {
    super('canceled', 'ERR_CANCELED', config);
    this.name = 'CanceledError';
  }
}

function definedOf(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
