import { CloseCode } from '../../common/core/src/main/ets/wire/Codes.js';
import { decodeSessionTokens } from '../../common/core/src/main/ets/wire/HttpBodies.js';
import { ApiClient, expectStatus, PASSWORD } from '../../server/test/support/api-client.js';
import { uploaded } from '../../server/test/support/file-api.js';
import { SocketClient } from '../../server/test/support/socket-client.js';

const FILE = Buffer.alloc(2048, 'tea ');

/** Somebody who comes, looks around and goes again: a session, a connection and a membership each time. */
export class Visitor {
  visits = 0;
  /** What was not as promised. */
  readonly violations: string[] = [];

  constructor(
    private readonly baseUrl: () => string,
    private readonly userName: string,
  ) {}

  async signUp(): Promise<void> {
    await new ApiClient(this.baseUrl()).signUp(this.userName);
  }

  async visit(roomId: string): Promise<void> {
    const url = this.baseUrl();
    const body = JSON.stringify({ userName: this.userName, password: PASSWORD });
    const reply = await new ApiClient(url).call('POST', '/v1/auth/sign-in', body);
    const { accessToken, refreshToken } = decodeSessionTokens(expectStatus(reply, 200).text);
    const api = new ApiClient(url, accessToken);
    const socket = await SocketClient.open(`${url.replace('http', 'ws')}/v1/ws`, accessToken);
    await api.join(roomId);
    await api.history(roomId, '?limit=50');
    await api.directory();
    const { fileId } = await uploaded(api, roomId, FILE);
    expectStatus(await api.call('GET', `/v1/files/${fileId}`), 200);
    await socket.fence();
    await api.leave(roomId);
    expectStatus(await api.call('POST', '/v1/auth/sign-out', JSON.stringify({ refreshToken })), 204);
    const code = await socket.closed();
    if (code !== CloseCode.TokenInvalid) {
      this.violations.push(`a visitor signed out: expected close ${CloseCode.TokenInvalid}, got ${code}`);
    }
    this.visits += 1;
  }
}
