import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrustedProxies } from '../../src/gateway/client-address';
import { refusalIn } from '../support/api-client';
import { TestServer } from '../support/test-server';

interface Row {
  readonly what: string;
  readonly trustProxy: TrustedProxies;
  /** `X-Forwarded-For` of each attempt; one attempt is allowed to each address. */
  readonly forwarded: readonly (string | null)[];
  /** Which attempts are taken for the first of their address. */
  readonly isNew: readonly boolean[];
}

const ROWS: readonly Row[] = [
  {
    what: 'no proxy is trusted unless the operator says so: the header is anybody’s invention',
    trustProxy: 0,
    forwarded: [null, '198.51.100.1', '198.51.100.2', '127.0.0.2'],
    isNew: [true, false, false, false],
  },
  {
    what: 'one proxy: the address that it saw counts',
    trustProxy: 1,
    forwarded: ['198.51.100.1', '198.51.100.2', '198.51.100.1'],
    isNew: [true, true, false],
  },
  {
    what: 'one proxy: what the client wrote before it does not count',
    trustProxy: 1,
    forwarded: ['198.51.100.1', '203.0.113.7, 198.51.100.1', '203.0.113.8,198.51.100.1', '127.0.0.1, 198.51.100.1'],
    isNew: [true, false, false, false],
  },
  {
    what: 'two proxies: the address before the nearer one counts',
    trustProxy: 2,
    forwarded: ['203.0.113.7, 198.51.100.1', '203.0.113.8, 198.51.100.1', '192.0.2.1, 203.0.113.7, 198.51.100.2'],
    isNew: [true, true, false],
  },
  {
    what: 'networks: the nearest address outside of them counts',
    trustProxy: ['127.0.0.0/8', '10.0.0.0/8'],
    forwarded: ['203.0.113.7, 10.1.2.3', '192.0.2.1, 203.0.113.7, 10.9.9.9', '203.0.113.8, 10.1.2.3'],
    isNew: [true, false, true],
  },
  {
    what: 'networks that this machine is not in: the header does not count',
    trustProxy: ['10.0.0.0/8'],
    forwarded: ['198.51.100.1', '198.51.100.2'],
    isNew: [true, false],
  },
];

describe('TRUST_PROXY', () => {
  ROWS.forEach(({ what, trustProxy, forwarded, isNew }) => {
    test(what, async (t) => {
      const server = await TestServer.start({ settings: { trustProxy, authAttemptsPerMinute: 1 } });
      t.after(() => server.stop());
      const body = JSON.stringify({ userName: 'Nobody', password: 'not the password' });
      const seen: boolean[] = [];
      for (const chain of forwarded) {
        const headers: Record<string, string> = chain === null ? {} : { 'x-forwarded-for': chain };
        const reply = await server.api.call('POST', '/v1/auth/sign-in', body, headers);
        seen.push(refusalIn(reply) === '401 bad_credentials');
      }
      assert.deepEqual(seen, isNew);
    });
  });
});
