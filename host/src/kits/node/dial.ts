import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { HttpCode } from '../support/http-failure-codes.js';
import { dialFailure, WireFailure } from './wire-failure.js';

/** Where a connection goes and whom it trusts. Equal keys may share connections. */
export interface Target {
  readonly key: string;
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Null for the certificates of Node. */
  readonly caPath: string | null;
  /** SHA-256 of the server's own public key, in Base64; any of them. Empty for any key. */
  readonly pins: readonly string[];
  readonly offersHttp2: boolean;
}

/** Milliseconds from the start of the call to the end of each step. */
export interface DialTimes {
  dnsMs: number;
  tcpMs: number;
  tlsMs: number;
}

export interface Dialled {
  readonly socket: net.Socket;
  readonly isHttp2: boolean;
  readonly times: DialTimes;
}

/** Connects, shakes hands and checks the pins, so that no request meets a server that is not trusted. */
export function dial(target: Target, offersHttp2: boolean, signal: AbortSignal): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const times: DialTimes = { dnsMs: 0, tcpMs: 0, tlsMs: 0 };
    const since = (): number => performance.now() - startedAt;
    const socket = open(target, offersHttp2);
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', cut);
      socket.destroy();
      reject(dialFailure(error));
    };
    const cut = (): void => fail(new WireFailure(HttpCode.Cut));
    if (signal.aborted) {
      cut();
      return;
    }
    signal.addEventListener('abort', cut, { once: true });
    socket.on('error', fail);
    socket.once('lookup', () => (times.dnsMs = since()));
    socket.once('connect', () => (times.tcpMs = since()));
    socket.once(target.isTls ? 'secureConnect' : 'connect', () => {
      if (socket instanceof tls.TLSSocket) {
        times.tlsMs = since();
        if (!matchesPin(socket, target.pins)) {
          fail(new WireFailure(HttpCode.Unknown));
          return;
        }
      }
      signal.removeEventListener('abort', cut);
      socket.off('error', fail);
      socket.setNoDelay(true);
      resolve({ socket, isHttp2: socket instanceof tls.TLSSocket && socket.alpnProtocol === 'h2', times });
    });
  });
}

function open({ host, port, isTls, caPath }: Target, offersHttp2: boolean): net.Socket {
  if (!isTls) {
    return net.connect({ host, port });
  }
  return tls.connect({
    host,
    port,
    ALPNProtocols: offersHttp2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(caPath === null ? {} : { ca: readCa(caPath) }),
  });
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new WireFailure(HttpCode.CaFile);
  }
}

function matchesPin(socket: tls.TLSSocket, pins: readonly string[]): boolean {
  if (pins.length === 0) {
    return true;
  }
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  return key !== undefined && pins.includes(createHash('sha256').update(key).digest('base64'));
}
