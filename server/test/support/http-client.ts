import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request under way, whose answer can be read as it comes, or not at all. */
export interface Exchange {
  readonly request: ClientRequest;
  readonly response: Promise<IncomingMessage>;
}

/** HTTP as plain as Node has it: bodies of any bytes, headers as they are, one connection kept for each user of it. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly baseUrl: string) {}

  start(method: string, path: string, headers: Record<string, string> = {}, body: string | Uint8Array = ''): Exchange {
    const sent = request(`${this.baseUrl}${path}`, { method, headers, agent: this.agent });
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.on('error', reject);
    });
    sent.end(body);
    return { request: sent, response };
  }

  async call(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body: string | Uint8Array = '',
  ): Promise<HttpReply> {
    const response = await this.start(method, path, headers, body).response;
    const parts: Buffer[] = [];
    for await (const part of response) {
      parts.push(part as Buffer);
    }
    return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString('utf8') };
  }

  close(): void {
    this.agent.destroy();
  }
}
