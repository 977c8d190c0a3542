import type { WebSocketRoute } from 'playwright-core';
import type { Phone } from './phone';

/** Cuts one phone off from the server's API and lets it back. The pages themselves still load, as an installed app does. */
export class OfflineSwitch {
  private isOffline = false;
  private readonly sockets = new Set<WebSocketRoute>();

  private constructor() {}

  /** Before the phone signs in: what is open already is not caught. */
  static async of(phone: Phone): Promise<OfflineSwitch> {
    const it = new OfflineSwitch();
    await phone.context.route('**/v1/**', (route) => (it.isOffline ? route.abort() : route.fallback()));
    await phone.context.routeWebSocket(/\/v1\//, async (socket) => {
      if (it.isOffline) {
        await socket.close({ code: 1012 });
        return;
      }
      it.sockets.add(socket);
      socket.connectToServer();
    });
    return it;
  }

  async cut(): Promise<void> {
    this.isOffline = true;
    for (const socket of this.sockets) {
      // A page that was reloaded has taken its sockets along.
      await socket.close({ code: 1012 }).catch(() => undefined);
    }
    this.sockets.clear();
  }

  restore(): void {
    this.isOffline = false;
  }
}
