import type { FastifyRequest } from 'fastify';
import type { Clock } from '../ports/clock';

/** How long a sender may go on after its answer before the connection is cut. */
const PATIENCE_MS = 5000;

/**
 * Reads on and forgets what comes: a connection that is closed on a sender takes the answer with it, before it was read. Cut
 * off after a while: who goes on for ever is not listening. Node tells a request that was answered nothing of the end of its
 * connection: that is watched on the socket.
 */
export function dropBody(request: FastifyRequest, clock: Clock): void {
  const { raw } = request;
  const { socket } = raw;
  if (raw.complete || socket.destroyed) {
    return;
  }
  const timer = clock.setTimer(PATIENCE_MS, () => socket.destroy());
  const stop = (): void => {
    timer.cancel();
    raw.off('end', stop);
    socket.off('close', stop);
  };
  raw.once('end', stop);
  socket.once('close', stop);
  raw.resume();
}
