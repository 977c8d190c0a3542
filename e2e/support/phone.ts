import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

const PHONE_SIZE = { width: 360, height: 780 };
const TABLET_SIZE = { width: 1024, height: 768 };

export interface PhoneOptions {
  readonly device?: 'phone' | 'tablet';
  readonly colorMode?: 'light' | 'dark';
  readonly locale?: string;
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
    const context = await browser.newContext({ viewport: device === 'tablet' ? TABLET_SIZE : PHONE_SIZE });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
    const query = new URLSearchParams({
      device,
      colorMode: options.colorMode ?? 'light',
      locale: options.locale ?? 'en-US',
      'p.serverAddress': origin,
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

  async send(text: string): Promise<void> {
    await this.field('Message').fill(text);
    await this.button('Send').click();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
