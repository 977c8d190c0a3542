import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { WebSocketServer, type WebSocket } from 'ws';
import { launchChromium } from '../../src/testing/chromium.js';
import type { Kits } from './pages/kits.js';

declare global {
  // In the page; tests only name it inside `page.evaluate`.
  var kits: Kits;
}

/** A test that waits longer than this for one thing in a page has failed; no rule that is tested here depends on it. */
const WAIT_MS = 120_000;

const PAGES = path.join(path.dirname(fileURLToPath(import.meta.url)), 'pages');

export interface Harness {
  readonly origin: string;
  /** `ws://127.0.0.1:port`. */
  readonly wsOrigin: string;
  readonly browser: Browser;
  /** A fresh storage; `page` twice shares it, as two phones on one page do. */
  context(): Promise<BrowserContext>;
  open(context: BrowserContext, query?: string): Promise<Page>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  /** File below `pages`. */
  page: string;
  /** Everything but `/` and `/page.js`. */
  routes?: (request: IncomingMessage, response: ServerResponse) => void;
  onSocket?: (socket: WebSocket, request: IncomingMessage) => void;
}

/** A browser, a server on a free port, and one bundled page that it serves. */
export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const bundle = await build({
    entryPoints: [path.join(PAGES, options.page)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer(serve(script, options.routes));
  const sockets = new WebSocketServer({ server, handleProtocols: (names) => [...names][0] ?? false });
  sockets.on('connection', (socket, request) => options.onSocket?.(socket, request));
  const port = await listen(server);
  const browser = await launchChromium();
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    wsOrigin: `ws://127.0.0.1:${port}`,
    browser,
    async context(): Promise<BrowserContext> {
      const context = await browser.newContext({ locale: 'en-US' });
      context.setDefaultTimeout(WAIT_MS);
      // The test runner's compiler names functions with a helper that functions sent to the page do not take along.
      await context.addInitScript('globalThis.__name = (target) => target;');
      return context;
    },
    async open(context, query = ''): Promise<Page> {
      const page = await context.newPage();
      await page.goto(`${origin}/${query}`);
      return page;
    },
    async close(): Promise<void> {
      await browser.close();
      sockets.clients.forEach((client) => client.terminate());
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(script: string, routes: HarnessOptions['routes']): RequestListener {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    if (pathname === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end('<!doctype html><title>kits</title><body><script type="module" src="/page.js"></script>');
    } else if (pathname === '/page.js') {
      response.setHeader('content-type', 'text/javascript; charset=utf-8');
      response.end(script);
    } else if (routes === undefined) {
      response.writeHead(404).end();
    } else {
      routes(request, response);
    }
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
