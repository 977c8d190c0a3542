/** Child process: one relay in front of the server that counts what passes. */
import { serve } from '../../lib/processes';
import { Relay, type RelayBytes } from '../../lib/relay';

let relay: Relay | null = null;

serve({
  async open({ targetPort }: { readonly targetPort: number }): Promise<number> {
    relay = await Relay.to(targetPort);
    return relay.port;
  },
  bytes: (): RelayBytes => relay?.bytes ?? { down: 0, up: 0 },
});
