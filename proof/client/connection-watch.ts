import type { Transport, TransportConnection, TransportListener } from '../../host/src/node/load-core.js';

/** Sees what a device's connections do, and lets a scenario wait for it instead of for time. */
export class ConnectionWatch {
  /** Connections that opened, and attempts that ended before. */
  opened = 0;
  failed = 0;
  /** How often each transport carried the line, by name. */
  readonly openedBy = new Map<string, number>();
  /** Connections that opened and have not ended, the newest last: one that tries a better transport stands beside the line. */
  private readonly open: { readonly name: string }[] = [];
  readonly closeCodes: number[] = [];
  /** Connections that had opened and ended, by either side. */
  closed = 0;
  private waiting: (() => void)[] = [];

  /** The transport of the newest open connection; empty for none. */
  get carrier(): string {
    return this.open.at(-1)?.name ?? '';
  }

  /** The same transport, looked at. */
  around(transport: Transport): Transport {
    return {
      name: transport.name,
      isBinaryCapable: transport.isBinaryCapable,
      open: (url: string, subprotocols: string[], listener: TransportListener): TransportConnection =>
        this.follow(transport, url, subprotocols, listener),
    };
  }

  /** Something in the chat changed. */
  changed(): void {
    const waiting = this.waiting;
    this.waiting = [];
    waiting.forEach((done) => done());
  }

  /** The next change of any kind. */
  next(): Promise<void> {
    return new Promise((done) => this.waiting.push(done));
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await this.next();
    }
  }

  private follow(
    transport: Transport,
    url: string,
    subprotocols: string[],
    listener: TransportListener,
  ): TransportConnection {
    const self = { name: transport.name };
    let isOpen = false;
    const end = (): void => {
      this.failed += isOpen ? 0 : 1;
      this.closed += isOpen ? 1 : 0;
      if (isOpen) {
        this.open.splice(this.open.indexOf(self), 1);
      }
    };
    let isOver = false;
    const connection = transport.open(url, subprotocols, {
      onOpen: (subprotocol) => {
        isOpen = true;
        this.opened += 1;
        this.openedBy.set(transport.name, (this.openedBy.get(transport.name) ?? 0) + 1);
        this.open.push(self);
        listener.onOpen(subprotocol);
        this.changed();
      },
      onText: (text) => listener.onText(text),
      onBinary: (data) => listener.onBinary(data),
      onClose: (code, reason) => {
        if (!isOver) {
          isOver = true;
          end();
        }
        this.closeCodes.push(code);
        listener.onClose(code, reason);
        this.changed();
      },
    });
    return {
      send: (data) => connection.send(data),
      bufferedBytes: () => connection.bufferedBytes(),
      close: (code, reason) => {
        // Its owner lets go of it: a connection that is taken for dead ends like this.
        if (!isOver) {
          isOver = true;
          end();
        }
        connection.close(code, reason);
        this.changed();
      },
    };
  }
}
