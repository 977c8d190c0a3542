import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { PATIENCE_MS } from './patience';

const PHONE_SIZE = { width: 360, height: 780 };
/** Fewer than a message holds. */
const MAX_KEYS = 1000;
const TABLET_SIZE = { width: 1024, height: 768 };

export interface PhoneOptions {
  readonly device?: 'phone' | 'tablet';
  readonly colorMode?: 'light' | 'dark';
  readonly locale?: string;
  /** `sse`, …; the app's own choice where it is missing. */
  readonly transport?: string;
  /** `still` asks for reduced motion, so that nothing moves while it is measured. */
  readonly motion?: 'still' | 'moving';
}

/** One person's device: a browser context of its own with the app in it. Speaks the accessible names of the English pages. */
export class Phone {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly errors: string[],
  ) {}

  static async open(browser: Browser, origin: string, options: PhoneOptions = {}): Promise<Phone> {
    const device = options.device ?? 'phone';
    const context = await browser.newContext({
      viewport: device === 'tablet' ? TABLET_SIZE : PHONE_SIZE,
      reducedMotion: options.motion === 'still' ? 'reduce' : 'no-preference',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
    const query = new URLSearchParams({
      device,
      colorMode: options.colorMode ?? 'light',
      locale: options.locale ?? 'en-US',
      'p.serverAddress': origin,
      ...(options.transport === undefined ? {} : { 'p.transport': options.transport }),
    });
    await page.goto(`${origin}/app/?${query}`);
    return new Phone(context, page, errors);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  field(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  text(text: string): Locator {
    return this.page.getByText(text, { exact: true });
  }

  /** Creates an account and waits for the conversation list. */
  async signUp(userName: string, password = 'correct horse'): Promise<void> {
    await this.button('New here? Create an account').click();
    await this.field('User name').fill(userName);
    await this.field('Password').fill(password);
    await this.button('Create account').click();
    await this.page.getByRole('tab', { name: 'Chats' }).waitFor();
  }

  async signIn(userName: string, password = 'correct horse'): Promise<void> {
    await this.field('User name').fill(userName);
    await this.field('Password').fill(password);
    await this.button('Sign in').click();
  }

  async createRoom(name: string): Promise<void> {
    await this.button('New chat').first().click();
    await this.field('Name of a new chat').fill(name);
    await this.button('Create').click();
    await this.field('Message').waitFor();
  }

  async joinRoom(name: string): Promise<void> {
    await this.button('New chat').first().click();
    await this.page.getByRole('dialog').getByRole('listitem').filter({ hasText: name }).getByRole('button').click();
    await this.field('Message').waitFor();
  }

  /**
   * Types on until `line` is shown, on whichever page it is: a typing state lives for some seconds only, and on a slow machine these
   * may pass before the other page is looked at.
   */
  async typeUntil(line: Locator): Promise<void> {
    await typeUntil(this.field('Message'), line);
  }

  async send(text: string): Promise<void> {
    await this.field('Message').fill(text);
    await this.button('Send').click();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** See `Phone.typeUntil`. */
export async function typeUntil(composer: Locator, line: Locator): Promise<void> {
  for (let keys = 0; keys < MAX_KEYS && !(await line.isVisible()); keys++) {
    await composer.pressSequentially('m');
  }
  await line.waitFor();
}
