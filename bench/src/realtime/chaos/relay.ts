/** Child process: one relay for each client, so that every contender's clients lose their lines in exactly the same way. */
import type { Outage } from '../../lib/catch-up';
import { serve } from '../../lib/processes';
import { Relay } from '../../lib/relay';
import { nowMs } from '../../lib/shared-clock';
import { type ChaosPlan, outagesOf } from './plan';

interface RelayOrder {
  readonly targetPort: number;
  readonly clients: number;
}

interface ChaosOrder {
  readonly plan: ChaosPlan;
  readonly startAtMs: number;
}

export interface ChaosReport {
  /** As they really were, for each client. */
  readonly outages: readonly (readonly Outage[])[];
  /** Outages that cut a line which was there. */
  readonly cutLines: number;
}

let relays: Relay[] = [];

/** Resolves with the times at which the line was really gone and back. */
function runOutage(relay: Relay, { cutAtMs, restoredAtMs }: Outage): Promise<Outage> {
  return new Promise((done) => {
    setTimeout(() => {
      relay.cut();
      const reallyCutAtMs = nowMs();
      setTimeout(() => {
        relay.restore();
        done({ cutAtMs: reallyCutAtMs, restoredAtMs: nowMs() });
      }, restoredAtMs - cutAtMs);
    }, cutAtMs - nowMs());
  });
}

serve({
  async open({ targetPort, clients }: RelayOrder): Promise<number[]> {
    relays = await Promise.all(Array.from({ length: clients }, () => Relay.to(targetPort)));
    return relays.map(({ port }) => port);
  },
  async disrupt({ plan, startAtMs }: ChaosOrder): Promise<ChaosReport> {
    const outages = await Promise.all(
      relays.map((relay, client) =>
        Promise.all(outagesOf(plan, client, startAtMs).map((outage) => runOutage(relay, outage))),
      ),
    );
    return { outages, cutLines: relays.reduce((sum, relay) => sum + relay.cutLines, 0) };
  },
  close: () => relays.forEach((relay) => relay.close()),
});
