import type { Bus } from './bus';

/** The bus of a process that is alone with its store: there is nobody to tell and nobody to hear. */
export class LocalBus implements Bus {
  readonly isShared = false;

  constructor(readonly processId: string) {}

  isReady(): boolean {
    return true;
  }

  start(): void {}

  listen(): void {}

  unlisten(): void {}

  announce(): void {}

  tellAll(): void {}

  setPresence(): void {}

  request(): Promise<string | null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
