import type { IncomingMessage } from 'node:http';
import { OpenCounts } from '../limits/open-counts';
import { addressOf, type TrustedProxies, trustOf } from './client-address';

/** Advice to a connection that is one too many of its address: another one must go first. */
export const ADDRESS_RETRY_MS = 30_000;

/** Connections that carry frames, by the address of their other end. */
export class AddressCounts {
  private readonly counts: OpenCounts;
  private readonly trusts: ReturnType<typeof trustOf>;

  constructor(most: number, proxies: TrustedProxies) {
    this.counts = new OpenCounts(most);
    this.trusts = trustOf(proxies);
  }

  /** What is called when the connection is gone; null where its address has too many. */
  enter(request: IncomingMessage): (() => void) | null {
    return this.counts.enter(addressOf(request, this.trusts));
  }
}
