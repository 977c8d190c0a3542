import type { SentListener, WireRequest } from './http-request.js';

/** Statuses that the Fetch standard allows no body with. */
const BODYLESS = new Set([204, 205, 304]);

/** One request over XMLHttpRequest, the only way on which a browser tells what of a body has left. */
export function upload(request: WireRequest, onSent: SentListener, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(request.method, request.url.href);
    xhr.responseType = 'arraybuffer';
    request.headers.forEach((value, name) => xhr.setRequestHeader(name, value));
    xhr.upload.onprogress = ({ loaded, total }): void => onSent(loaded, total);
    xhr.onload = (): void => {
      const body = BODYLESS.has(xhr.status) ? null : (xhr.response as ArrayBuffer);
      resolve(new Response(body, { status: xhr.status, headers: headersOf(xhr.getAllResponseHeaders()) }));
    };
    xhr.onerror = (): void => reject(new TypeError('network error'));
    xhr.onabort = (): void => reject(new TypeError('aborted'));
    signal.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(request.body);
  });
}

function headersOf(text: string): Headers {
  const headers = new Headers();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
  }
  return headers;
}
