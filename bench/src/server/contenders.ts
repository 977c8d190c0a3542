export const OURS = 'Parley (parley.v1)';
export const RAW_WS = 'ws';
export const PREPARED_WS = 'ws, frame prepared once';
export const COALESCED_WS = 'ws, prepared, one write a turn';
export const SOCKET_IO = 'socket.io';

export interface Contender {
  readonly name: string;
  /** Child process, relative to bench/src, and its argument. */
  readonly server: string;
  readonly kind: string;
  /** A key of `DIALECTS`. */
  readonly dialect: string;
}

const PEERS = 'server/broadcast-server.ts';

function peer(name: string, kind: string, dialect: string): Contender {
  return { name, server: PEERS, kind, dialect };
}

/** Every one over WebSocket and without compression; libraries with their default settings. */
export const CONTENDERS: readonly Contender[] = [
  peer(RAW_WS, 'ws', 'plain'),
  { name: OURS, server: 'lib/parley-server.ts', kind: '', dialect: 'parley' },
  peer(SOCKET_IO, 'socket.io', 'socket.io'),
  peer(PREPARED_WS, 'prepared', 'plain'),
  peer(COALESCED_WS, 'coalesced', 'plain'),
  peer('faye', 'faye', 'faye'),
  peer('sockjs', 'sockjs', 'sockjs'),
  peer('primus', 'primus', 'primus'),
];
