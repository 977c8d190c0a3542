import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  loadCore,
  loadPlatform,
  type AdvancedHttpClient,
  type AppError,
  type Core,
  type FakeClock,
  type FakeNetwork,
  type HttpAnswer,
  type HttpCache,
  type HttpCall,
  type HttpClientConfig,
  type Platform,
} from '../../host/src/node/load-core.js';
import { makeCertificates, type TestCertificates } from '../../host/test/http/certificate.js';
import type { Wire } from '../../host/test/http/wire-server.js';

/** For what must come: only a test that fails waits as long. */
const DEADLINE_MS = 60_000;
const LOOK_MS = 2;

export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) {
      throw new Error(`expected within ${DEADLINE_MS} ms: ${what}`);
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** The modules, and an authority that the clients trust. */
export class Laboratory {
  readonly certificates: TestCertificates = makeCertificates();
  private readonly folder = mkdtempSync(join(tmpdir(), 'http-'));
  /** TLS options that trust the authority of `certificates`. */
  readonly trust = { caPath: join(this.folder, 'ca.pem') };

  private constructor(
    readonly core: Core,
    readonly platform: Platform,
  ) {
    writeFileSync(this.trust.caPath, this.certificates.caPem);
  }

  static async open(): Promise<Laboratory> {
    return new Laboratory(await loadCore(), await loadPlatform());
  }

  client(wire: Wire, baseUrl: string, config: HttpClientConfig = {}, hasCache = false): RealClient {
    const protocol = wire === 'h2' ? this.core.HttpProtocol.Http2 : undefined;
    const all = { baseUrl, ...(wire === 'http/1.1' ? { allowPlainHttp: true } : { tls: this.trust }) };
    return new RealClient(this, { ...all, ...(protocol === undefined ? {} : { protocol }), ...config }, hasCache);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The client over real sockets. Its time is a fake clock's: no limit runs out and no retry comes but by the test. */
export class RealClient {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly cache: HttpCache | null;
  readonly client: AdvancedHttpClient;

  constructor(
    readonly lab: Laboratory,
    config: HttpClientConfig,
    hasCache: boolean,
  ) {
    const { core, platform } = lab;
    this.clock = new core.FakeClock();
    this.network = new core.FakeNetwork();
    const logger = new core.RecordingLogger();
    this.cache = hasCache ? new core.HttpCache(this.clock, logger) : null;
    this.client = new core.AdvancedHttpClient(config, {
      http: new platform.KitHttp(),
      clock: this.clock,
      random: new core.FixedRandom(0.5),
      logger,
      network: this.network,
      ...(this.cache === null ? {} : { cache: this.cache }),
    });
  }

  /** Until the call waits for its next attempt; then that attempt is due `afterMs` later. */
  async retry(call: HttpCall<unknown>, afterMs: number): Promise<void> {
    const { Waiting, Done, Failed } = this.lab.core.HttpCallState;
    await until('the wait before a retry', () => [Waiting, Done, Failed].includes(call.getState()));
    assert.equal(call.getState(), Waiting, 'expected a retry');
    await this.clock.advance(afterMs);
  }

  async failure(answer: Promise<HttpAnswer<unknown>>): Promise<AppError> {
    try {
      await answer;
    } catch (error) {
      assert.ok(error instanceof this.lab.core.AppError, `expected an AppError, got ${String(error)}`);
      return error as AppError;
    }
    assert.fail('expected a rejection, got an answer');
  }

  /** Nothing is held any more: for the end of a test whose calls are over. */
  assertIdle(): void {
    const { active, openFlights, scheduler, connections } = this.client.stats();
    const busy = connections.reduce((sum, one) => sum + one.running + one.waiting, 0);
    const held = [active, openFlights, scheduler.running, scheduler.queued, busy];
    assert.deepEqual(held, [0, 0, 0, 0, 0], 'calls, flights, slots, queue, connections');
    assert.deepEqual([this.clock.pendingTimers(), this.network.handlerCount()], [0, 0], 'timers, listeners');
  }
}
