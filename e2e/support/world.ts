import { after, afterEach, before } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../host/src/testing/chromium';
import { Phone, type PhoneOptions } from './phone';
import { ServerProcess } from './server-process';

/** A server and a browser for one test file; phones close with their test, and an error on any page fails the file. */
export class World {
  server!: ServerProcess;
  browser!: Browser;
  private readonly phones: Phone[] = [];
  private readonly errors: string[] = [];

  async phone(options: PhoneOptions = {}): Promise<Phone> {
    const phone = await Phone.open(this.browser, this.server.origin, options);
    this.phones.push(phone);
    return phone;
  }

  /** A page that nobody looks at any more would only slow the next test down. */
  async closePhones(): Promise<void> {
    for (const phone of this.phones.splice(0)) {
      await phone.close();
      this.errors.push(...phone.errors);
    }
  }

  async dispose(): Promise<void> {
    await this.closePhones();
    await this.browser?.close();
    await this.server?.dispose();
    assert.deepEqual(this.errors, [], 'uncaught errors on the pages');
  }
}

/** Starts a world before the tests of the file and ends it after them. */
export function useWorld(settings: Record<string, string> = {}): World {
  const world = new World();
  before(async () => {
    world.server = await ServerProcess.start(settings);
    world.browser = await launchChromium();
  });
  afterEach(() => world.closePhones());
  after(async () => {
    await world.dispose();
  });
  return world;
}
