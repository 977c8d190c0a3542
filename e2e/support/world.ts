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

  /** Two people in one room, which the first of them made. */
  async pair(room: string, first: string, second: string, options: PhoneOptions = {}): Promise<[Phone, Phone]> {
    const left = await this.phone(options);
    const right = await this.phone(options);
    await meet(room, [left, first], [right, second]);
    return [left, right];
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

/** Signs both up and brings them into one room, which the first of them makes. */
export async function meet(
  room: string,
  [left, first]: [Phone, string],
  [right, second]: [Phone, string],
): Promise<void> {
  await Promise.all([left.signUp(first), right.signUp(second)]);
  await left.createRoom(room);
  await right.joinRoom(room);
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
