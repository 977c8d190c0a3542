/** Child process: the local server of all HTTP clients. It keeps connections, and counts who asked for what. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeliveryLog, type DeliveryReport } from '../lib/delivery';
import { serve } from '../lib/processes';
import { nowMs } from '../lib/shared-clock';
import { askedBy, bodyOf, type Items } from './items';

/** Longer than any pause between two rounds of one client. */
const KEEP_ALIVE_MS = 300_000;

let items: Items = { from: 0, count: 0 };
let log = new DeliveryLog(0);
let connections = 0;

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
  const asked = request.method === 'GET' ? askedBy(request.url ?? '') : null;
  if (asked === null) {
    response.writeHead(404).end();
    return;
  }
  log.take(asked.id - items.from, nowMs());
  const body = bodyOf(asked.id);
  const answer = (): void => {
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    });
    response.end(body);
  };
  if (asked.takesMs > 0) {
    setTimeout(answer, asked.takesMs);
  } else {
    answer();
  }
});
server.on('connection', () => connections++);
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

export interface ServerReport {
  /** What was asked for since `expect`. */
  readonly asked: DeliveryReport;
  /** Connections that were opened since `expect`. */
  readonly connections: number;
}

serve({
  origin: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  expect(next: Items): void {
    items = next;
    log = new DeliveryLog(next.count);
    connections = 0;
  },
  report: (): ServerReport => ({ asked: log.report(), connections }),
});
