import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { test } from 'node:test';
import { pino } from 'pino';
import { AddressCounts } from '../../src/gateway/address-counts';
import { Origins } from '../../src/gateway/origins';
import { UpgradeRouter } from '../../src/gateway/upgrade-router';
import { HeldDuplex } from '../support/held-duplex';

test('a socket that breaks while its upgrade is refused harms nobody', () => {
  const http = new EventEmitter();
  const log = pino({ level: 'silent' });
  new UpgradeRouter(new Map(), new Origins([]), log, new AddressCounts(1, 0), () => false).attach(http as Server);
  const socket = new HeldDuplex(false);
  http.emit('upgrade', { url: '/nowhere', rawHeaders: [], headers: {} }, socket, Buffer.alloc(0));
  assert.match(String(socket.written[0]), /^HTTP\/1\.1 404 /);
  // As Node tells of a reset. Where nobody listens, it is thrown.
  socket.emit('error', new Error('read ECONNRESET'));
  socket.destroy();
});
