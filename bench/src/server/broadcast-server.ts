/** Child process: one of the peers, by name. Who is connected gets what anyone publishes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Load, Meter } from '../lib/meter';
import { serve } from '../lib/processes';
import { settledRss } from '../lib/settled-rss';
import { mountFaye, mountPrimus, mountSocketIo, mountSockJs } from './peers/libraries';
import type { MountPeer } from './peers/peer';
import { mountCoalesced, mountPrepared, mountRaw } from './peers/plain';

const PEERS: Readonly<Record<string, MountPeer>> = {
  ws: mountRaw,
  prepared: mountPrepared,
  coalesced: mountCoalesced,
  'socket.io': mountSocketIo,
  faye: mountFaye,
  sockjs: mountSockJs,
  primus: mountPrimus,
};

const mount = PEERS[process.argv[2] ?? ''];
if (mount === undefined) {
  throw new Error(`expected a peer, got ${process.argv[2]}`);
}
const http = createServer();
const meter = new Meter();

serve({
  async open(): Promise<{ port: number }> {
    await mount(http);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    return { port: (http.address() as AddressInfo).port };
  },
  startMeter: () => meter.start(),
  stopMeter: (): Load => meter.stop(),
  rss: () => settledRss(),
});
