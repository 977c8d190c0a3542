import type { Clock, Core, Logger, Platform, Transport } from '../../host/src/node/load-core.js';

/** What carries a device's session: one transport, or the ladder of all that the app has. */
export const CARRIERS = ['websocket', 'sse', 'long-polling', 'socket.io'] as const;
export type Carrier = (typeof CARRIERS)[number] | 'ladder';

export interface CarrierPorts {
  readonly core: Core;
  readonly platform: Platform;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The real adapters on the host's kits, best first. */
export function transportsOf(carrier: Carrier, ports: CarrierPorts): Transport[] {
  const { core, platform, clock, logger } = ports;
  const webSocket = (): Transport => new platform.WebSocketTransport(logger);
  const sse = (): Transport =>
    new core.SseTransport(new platform.KitHttpStream(clock), new platform.KitHttp(), clock, logger);
  const longPolling = (): Transport => new core.LongPollTransport(new platform.KitHttp(), clock, logger);
  switch (carrier) {
    case 'websocket':
      return [webSocket()];
    case 'sse':
      return [sse()];
    case 'long-polling':
      return [longPolling()];
    case 'socket.io':
      return [new platform.SocketIoTransport(clock, logger)];
    default:
      return [webSocket(), sse(), longPolling()];
  }
}
