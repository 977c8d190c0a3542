import type { IncomingMessage } from 'node:http';
import { CarrierClient } from './carrier-client';
import { EventText, type StreamEvent } from './event-text';
import { HttpClient } from './http-client';

const GONE = 1006;

/** The way in of both carriers over HTTP: one post after the other. */
abstract class LineClient extends CarrierClient {
  /** The status of each post, in their order. */
  readonly postStatuses: number[] = [];
  /** The ids of all events that arrived. */
  readonly eventIds: string[] = [];
  key = '';
  private readonly poster: HttpClient;
  private posting: Promise<void> = Promise.resolve();

  constructor(baseUrl: string) {
    super(false);
    this.poster = new HttpClient(baseUrl);
  }

  override sendRaw(message: string | Uint8Array): void {
    this.posting = this.posting.then(async () => {
      try {
        const reply = await this.poster.call('POST', '/v1/send', { 'Parley-Line': this.key }, message);
        this.postStatuses.push(reply.status);
      } catch {
        this.ended(GONE); // The server cut the connection: the line is gone with it.
      }
    });
  }

  override sendWrongKind(): void {
    this.sendRaw(Uint8Array.of(0x7b, 0x22, 0xff, 0xfe));
  }

  /** Once every post so far was answered. */
  async posted(): Promise<void> {
    await this.posting;
  }

  override async close(): Promise<void> {
    await this.posting;
    await this.poster.call('POST', '/v1/close', { 'Parley-Line': this.key });
    this.letGo();
    this.ended(1000);
  }

  protected abstract letGo(): void;

  protected take(event: StreamEvent): void {
    if (event.name === 'open') {
      this.key = (JSON.parse(event.data) as { line: string }).line;
      this.wake();
    } else if (event.name === 'close') {
      this.letGo();
      this.ended((JSON.parse(event.data) as { code: number }).code);
    } else if (event.name === 'message') {
      this.eventIds.push(event.id);
      this.received(event.data);
    }
  }

  protected letGoOfPosts(): void {
    this.poster.close();
  }
}

export class StreamClient extends LineClient {
  comments = 0;
  private readonly http: HttpClient;
  private response: IncomingMessage | null = null;

  constructor(baseUrl: string) {
    super(baseUrl);
    this.http = new HttpClient(baseUrl);
  }

  static async connect(baseUrl: string): Promise<StreamClient> {
    const client = new StreamClient(baseUrl);
    const response = await client.http.start('GET', '/v1/sse', { Accept: 'text/event-stream' }).response;
    const text = new EventText();
    client.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => text.feed(chunk).forEach((event) => client.take(event)));
    response.on('error', () => client.ended(GONE));
    response.on('close', () => client.ended(GONE));
    await client.until(() => client.key !== '', 'the open event');
    return client;
  }

  override stopReading(): void {
    this.response?.pause();
  }

  override startReading(): void {
    this.response?.resume();
  }

  protected override take(event: StreamEvent): void {
    if (event.name === ':') {
      this.comments++;
      this.wake();
    }
    super.take(event);
  }

  protected override letGo(): void {
    this.letGoOfPosts();
    this.http.close();
  }
}

export class PollClient extends LineClient {
  private readonly http: HttpClient;
  private lastEventId = 0;
  private isReading = true;
  private isGone = false;
  private wakePolls: () => void = () => undefined;

  constructor(baseUrl: string) {
    super(baseUrl);
    this.http = new HttpClient(baseUrl);
  }

  static async connect(baseUrl: string): Promise<PollClient> {
    const client = new PollClient(baseUrl);
    const reply = await client.http.call('POST', '/v1/poll');
    EventText.all(reply.text).forEach((event) => client.take(event));
    void client.pollForEver();
    return client;
  }

  override stopReading(): void {
    this.isReading = false;
  }

  override startReading(): void {
    this.isReading = true;
    this.wakePolls();
  }

  protected override letGo(): void {
    this.isGone = true;
    this.letGoOfPosts();
    this.http.close();
  }

  private async pollForEver(): Promise<void> {
    try {
      while (!this.isGone) {
        if (this.isReading) {
          await this.poll();
        } else {
          await new Promise<void>((resolve) => {
            this.wakePolls = resolve;
          });
        }
      }
    } catch {
      this.ended(GONE); // The server is gone, or the test ended.
    }
  }

  private async poll(): Promise<void> {
    const headers = { 'Parley-Line': this.key, 'Last-Event-ID': String(this.lastEventId) };
    const reply = await this.http.call('POST', '/v1/poll', headers);
    if (reply.status !== 200) {
      this.letGo();
      this.ended(GONE);
      return;
    }
    EventText.all(reply.text).forEach((event) => {
      this.lastEventId = Math.max(this.lastEventId, Number(event.id));
      this.take(event);
    });
  }
}
