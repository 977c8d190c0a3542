/**
 * Runs TeaCatalogue.ets in Node: `node --import tsx common/core/example/run-http.mjs`. Starts the tea house (a plain
 * `node:http` server), compiles the example from its source, and gives it Node's ports. Exits with 0 when all went well.
 */
import http from 'node:http';
import { load } from './load.mjs';
import { ports } from './node-ports.mjs';

const BOOK = Buffer.alloc(200_000, 'tea ');

/** The first try of each order fails; a list may be kept for a minute. */
function answer(request, response, tries) {
  const { method, url } = request;
  const json = (status, value, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
  if (url === '/teas') {
    json(200, [{ name: 'Sencha', cups: 3 }, { name: 'Assam', cups: 5 }], { 'cache-control': 'max-age=60' });
  } else if (url.startsWith('/pictures/')) {
    setTimeout(() => json(200, { picture: url }), 10);
  } else if (url === '/orders' && method === 'POST') {
    const key = request.headers['idempotency-key'];
    tries.set(key, (tries.get(key) ?? 0) + 1);
    json(tries.get(key) === 1 ? 503 : 201, { key });
  } else if (url === '/book') {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [null, 0, BOOK.length - 1];
    const piece = BOOK.subarray(Number(from), Number(to) + 1);
    response.writeHead(206, {
      'content-range': `bytes ${from}-${Number(from) + piece.length - 1}/${BOOK.length}`,
      etag: '"1"',
    });
    response.end(piece);
  } else if (url !== '/slow') {
    response.writeHead(418, { 'content-type': 'text/plain' });
    response.end('only tea here');
  }
}

/** The port `HttpPort` on `fetch`. */
function fetchPort({ AppError, AppErrorCode }) {
  return {
    capabilities: {
      canPatch: true,
      cutsOnWire: true,
      tellsHeaders: false,
      tellsSent: false,
      tellsReceived: false,
      canPin: false,
    },
    async request({ method, url, headers, body, timeoutMs, bodyType, cancel }) {
      const cut = new AbortController();
      const forget = cancel?.onCancel(() => cut.abort());
      const timer = setTimeout(() => cut.abort(), Math.min(timeoutMs, 2 ** 31 - 1));
      try {
        const came = await fetch(url, { method, headers: [...headers], body, signal: cut.signal });
        const bytes = await came.arrayBuffer();
        const isBinary = bodyType === 'binary';
        return {
          status: came.status,
          headers: new Map(came.headers),
          body: isBinary ? '' : new TextDecoder().decode(bytes),
          ...(isBinary ? { bytes } : {}),
        };
      } catch (cause) {
        const why = cut.signal.aborted ? AppErrorCode.Timeout : AppErrorCode.Network;
        throw new AppError(cancel?.isCancelled() ? AppErrorCode.Disposed : why, 'fetch failed', { cause });
      } finally {
        clearTimeout(timer);
        forget?.();
      }
    },
  };
}

const tries = new Map();
const server = http.createServer((request, response) => answer(request, response, tries));
await new Promise((done) => server.listen(0, '127.0.0.1', done));
try {
  const tea = await load(`export { main } from './TeaCatalogue'; export { AppError, AppErrorCode } from '../Index';`);
  const url = `http://127.0.0.1:${server.address().port}`;
  await tea.main(url, { ...ports, http: fetchPort(tea) }, (line) => console.log(line));
} finally {
  server.closeAllConnections();
  server.close();
}
