import type * as Declared from '@ohos/axios';

type HeaderSource = Declared.RawAxiosHeaders | Declared.AxiosHeaders | Record<string, unknown> | undefined;

/** Header names keep their spelling and compare without regard to case. */
export class AxiosHeaders {
  [name: string]: unknown;

  constructor(headers?: HeaderSource | string) {
    if (typeof headers === 'string') {
      for (const line of headers.split('\n')) {
        const colon = line.indexOf(':');
        if (colon > 0) {
          this.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
        }
      }
    } else {
      Object.entries(headers ?? {}).forEach(([name, value]) => this.set(name, value as Declared.AxiosHeaderValue));
    }
  }

  /** With `rewrite` false an existing value stays. */
  set(headerName?: string, value?: Declared.AxiosHeaderValue, rewrite?: boolean): this {
    if (headerName !== undefined && value !== undefined) {
      const existing = keyOf(this, headerName);
      if (existing === undefined || rewrite !== false) {
        this[existing ?? headerName] = value;
      }
    }
    return this;
  }

  get(headerName: string): Declared.AxiosHeaderValue {
    const key = keyOf(this, headerName);
    // Undefined, as from axios, although the declaration has no word for it.
    return (key === undefined ? undefined : this[key]) as Declared.AxiosHeaderValue;
  }

  has(header: string): boolean {
    return keyOf(this, header) !== undefined;
  }

  delete(header: string | string[]): boolean {
    const keys = [header].flat().map((name) => keyOf(this, name));
    for (const key of keys) {
      if (key !== undefined) {
        delete this[key];
      }
    }
    return keys.some((key) => key !== undefined);
  }
}

function keyOf(headers: AxiosHeaders, name: string): string | undefined {
  return Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
}
