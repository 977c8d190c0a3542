import type {
  RecordedSocket,
  RecordingTransport,
  Transport,
  TransportListener,
} from '../../host/src/node/load-core.js';

/** One socket as the world sees it. */
export class WatchedSocket {
  /** Whether the world has told its end. */
  wasEnded = false;
  isOpen = false;
  socket!: RecordedSocket;

  constructor(readonly listener: TransportListener) {}

  isLiving(): boolean {
    return !this.wasEnded && this.socket.closedWith === 0;
  }

  open(): void {
    if (!this.isOpen && this.isLiving()) {
      this.isOpen = true;
      this.listener.onOpen('');
    }
  }

  mend(): void {
    this.socket.isBroken = false;
    this.socket.closesOnSendWith = 0;
    this.socket.buffered = 0;
  }

  say(text: string): void {
    if (this.isOpen && this.isLiving()) {
      this.listener.onText(text);
    }
  }
}

/** A message as it went over the wire. */
export interface WireMessage {
  readonly type: string;
}

/** All sockets of all transports, in the order of opening, and a question asked at each opening. */
export class WatchedSockets {
  readonly all: WatchedSocket[] = [];
  private sent: WireMessage[] = [];
  private isHelpful = false;

  constructor(
    private readonly inner: readonly RecordingTransport[],
    private readonly onOpening: () => void,
  ) {}

  transports(): Transport[] {
    return this.inner.map((transport) => ({
      name: transport.name,
      isBinaryCapable: transport.isBinaryCapable,
      open: (url, subprotocols, listener) => {
        this.onOpening();
        const one = new WatchedSocket(listener);
        const connection = transport.open(url, subprotocols, {
          onOpen: (subprotocol) => listener.onOpen(subprotocol),
          onText: (text) => listener.onText(text),
          onBinary: (data) => listener.onBinary(data),
          onClose: (code, reason) => {
            one.wasEnded = true;
            listener.onClose(code, reason);
          },
        });
        one.socket = transport.last();
        this.all.push(one);
        this.help(() => one.open());
        return {
          send: (data) => {
            const messages = messagesOf(data as string);
            // Noted first: inside `send` the socket may end, and the next one may take over.
            this.sent.push(...(one.socket.isBroken ? [] : messages));
            connection.send(data);
            if (messages.some(({ type }) => type === 'ping')) {
              this.help(() => one.say('{"type":"pong"}'));
            }
          },
          close: (code, reason) => connection.close(code, reason),
          bufferedBytes: () => connection.bufferedBytes(),
        };
      },
    }));
  }

  /** Oldest first. */
  living(): WatchedSocket[] {
    return this.all.filter((one) => one.isLiving());
  }

  /** 0 is the newest that lives. */
  liveAt(which: number): WatchedSocket | undefined {
    return this.living().at(-1 - which);
  }

  dead(which: number): WatchedSocket | undefined {
    return this.all.filter((one) => !one.isLiving()).at(-1 - which);
  }

  /** What went out since this was asked last, in the order of sending. */
  takeSent(): WireMessage[] {
    const sent = this.sent;
    this.sent = [];
    return sent;
  }

  /** From now on every socket opens, takes what is sent, and answers heartbeats. */
  heal(): void {
    this.isHelpful = true;
    this.inner.forEach((transport) => (transport.failure = null));
    for (const one of this.living()) {
      one.mend();
      one.open();
      one.say('{"type":"pong"}');
    }
  }

  private help(act: () => void): void {
    if (this.isHelpful) {
      void Promise.resolve().then(act);
    }
  }
}

function messagesOf(text: string): WireMessage[] {
  const value = JSON.parse(text) as WireMessage | WireMessage[];
  return Array.isArray(value) ? value : [value];
}
