import { PROTOCOL_NAME, PROTOCOL_NAME_MSGPACK } from '../../../common/core/src/main/ets/wire/Limits';
import type { CarrierClient } from './carrier-client';
import { PollClient, StreamClient } from './line-client';
import { SocketClient } from './socket-client';
import { SocketIoClient } from './socket-io-client';
import type { TestServer } from './test-server';

/** One way to carry the frames between a client and the server. */
export interface Carrier {
  readonly name: string;
  connect(server: TestServer): Promise<CarrierClient>;
}

export const CARRIERS: readonly Carrier[] = [
  { name: 'websocket', connect: (server) => SocketClient.connect(server.socketUrl, [PROTOCOL_NAME]) },
  { name: 'websocket msgpack', connect: (server) => SocketClient.connect(server.socketUrl, [PROTOCOL_NAME_MSGPACK]) },
  { name: 'sse', connect: (server) => StreamClient.connect(server.baseUrl) },
  { name: 'long-polling', connect: (server) => PollClient.connect(server.baseUrl) },
  { name: 'socket.io', connect: (server) => SocketIoClient.connect(server.baseUrl) },
];
