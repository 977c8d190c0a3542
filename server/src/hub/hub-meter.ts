import type { ErrorCode } from '../../../common/core/src/main/ets/wire/Codes';
import type { FrameType } from '../../../common/core/src/main/ets/wire/Frames';

/** What carries a connection. */
export type CarrierName = 'websocket' | 'sse' | 'poll' | 'socketio';

/**
 * Learns what the hub does. Called on the hub's hot paths: it counts and returns. Fan-outs are told once each, not once for
 * each connection.
 */
export interface HubMeter {
  opened(carrier: CarrierName): void;
  closed(carrier: CarrierName, code: number): void;
  /** `welcome` went out. */
  sessionOpened(): void;
  frameReceived(type: FrameType): void;
  frameRefused(code: ErrorCode): void;
  /** A `log.resume` was answered: with every missed event, or with none. */
  resumed(isWhole: boolean): void;
  /** One frame that nobody asked for was handed to `connections`. */
  delivered(connections: number): void;
  /** A durable event was handed to everyone here, `lagMs` after the server took it in. */
  published(lagMs: number): void;
  /** A point in time for `acknowledged`. */
  mark(): number;
  /** A message that came at `mark` was acknowledged. */
  acknowledged(mark: number): void;
}

const NOTHING = (): void => undefined;

/** Of a server that nobody watches. */
export const UNWATCHED: HubMeter = {
  opened: NOTHING,
  closed: NOTHING,
  sessionOpened: NOTHING,
  frameReceived: NOTHING,
  frameRefused: NOTHING,
  resumed: NOTHING,
  delivered: NOTHING,
  published: NOTHING,
  mark: () => 0,
  acknowledged: NOTHING,
};
