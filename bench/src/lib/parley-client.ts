import {
  type ChatService,
  type Core,
  type HttpPort,
  type HttpRequest,
  type HttpResponse,
  loadCore,
  type TimelineChange,
  type Transport,
} from '../../../host/src/node/load-core';
import { clock, logger, MemoryStore, network, random } from './node-ports';
import type { Seat } from './parley-filling';

class FetchHttp implements HttpPort {
  readonly capabilities = {
    canPatch: true,
    cutsOnWire: false,
    tellsHeaders: false,
    tellsSent: false,
    tellsReceived: false,
    canPin: false,
  };

  async request({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpResponse> {
    const answer = await fetch(url, {
      method,
      headers: [...headers],
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, headers: new Map(answer.headers), body: await answer.text() };
  }
}

/** The whole client of one user, as the app runs it: session, resume, timeline, outbox. `take` gets the texts of new rows. */
export async function connectChat(
  seat: Seat,
  port: number,
  transports: Transport[],
  take: (text: string) => void,
): Promise<ChatService> {
  const core = await loadCore();
  const [settings, secrets] = [new MemoryStore(), new MemoryStore()];
  await settings.set('session.serverAddress', `http://127.0.0.1:${port}`);
  await secrets.set('session.tokens', JSON.stringify(seat.tokens));
  const auth = new core.SessionAuth();
  const http = core.apiHttpClient({ clock, random, logger, network, http: new FetchHttp() }, auth);
  const sessions = new core.SessionService({ clock, http, settings, secrets, logger });
  auth.bind(sessions);
  if (!(await sessions.restore())) {
    throw new Error('expected a session to take up, got none');
  }
  const outbox = new core.MemoryOutboxStore();
  const chat = new core.ChatService({ clock, random, logger, network, transports, http, settings, sessions, outbox });
  watchRows(core, chat, seat.roomId, take);
  await connected(core, chat);
  return chat;
}

/** Every row that becomes visible is told once: as the app sees it, after dedupe and order. */
function watchRows(core: Core, chat: ChatService, roomId: string, take: (text: string) => void): void {
  chat.subscribe(core.ChatEventKind.TimelineChanged, (event) => {
    const { kind, index, count } = event.change as TimelineChange;
    if (kind === core.TimelineChangeKind.Appended || kind === core.TimelineChangeKind.Prepended) {
      for (const row of chat.timeline(roomId).rows.slice(index, index + count)) {
        if (row.kind === core.RowKind.Message) {
          take(row.text);
        }
      }
    }
  });
}

function connected(core: Core, chat: ChatService): Promise<void> {
  return new Promise((done) => {
    const stop = chat.subscribe(core.ChatEventKind.RoomsChanged, () => {
      if (chat.rooms().length > 0) {
        stop();
        done();
      }
    });
    chat.start();
  });
}
