import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { faultHtml } from './html.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
};

export interface PreviewServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the folder on loopback; port 0 takes a free one. While there are faults, the page shows them. */
export async function servePreview(dir: string, port: number, faults: () => string): Promise<PreviewServer> {
  const server = createServer((request, response) => answer(dir, request.url ?? '/', faults(), response));
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function answer(dir: string, url: string, faults: string, response: ServerResponse): void {
  const { pathname } = new URL(url, 'http://localhost');
  const name = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  if (faults !== '' && name.endsWith('.html')) {
    response.writeHead(500, { 'content-type': TYPES['.html'] }).end(faultHtml(faults));
    return;
  }
  const file = path.join(dir, path.normalize(decodeURIComponent(name)));
  const isInside = file.startsWith(path.resolve(dir) + path.sep);
  if (!isInside || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('not found');
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}
