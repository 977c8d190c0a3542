import proxyAddr from '@fastify/proxy-addr';
import type { IncomingMessage } from 'node:http';

/** Proxies whose word about an address counts: how many in a row, or which networks. */
export type TrustedProxies = number | readonly string[];

type Trusts = (address: string, hop: number) => boolean;

/** Throws where an address is none. */
export function trustOf(proxies: TrustedProxies): Trusts {
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : proxyAddr.compile([...proxies]);
}

/**
 * Who is at the other end: the nearest address of `X-Forwarded-For` that no trusted proxy has. What stands farther off can be
 * anybody's invention. With no trusted proxy the header is not looked at.
 */
export function addressOf(request: IncomingMessage, trusts: Trusts): string {
  const addresses = proxyAddr.all(request, trusts);
  return addresses.at(-1) ?? '';
}
