import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../src/testing/chromium.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CSS = path.resolve(HERE, '../../src/runtime/components/layout.css');

/** A test that waits longer than this has failed; no rule that is tested here depends on it. */
const PATIENCE_MS = 120_000;

const SIZE = { width: 360, height: 640 };

/** Where the clock of a stopped page starts, and how far ahead it is stopped: further than the start of the page takes. */
const START_MS = 1_790_000_000_000;
const HOUR_MS = 3_600_000;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Bundles a page of `pages/` once; every `open` is a fresh tab with that page. */
export class Fixture {
  private readonly contexts = new Map<string, BrowserContext>();

  private constructor(
    private readonly browser: Browser,
    private readonly html: string,
  ) {}

  static async start(page: string): Promise<Fixture> {
    const bundle = await build({
      entryPoints: [path.join(HERE, 'pages', page)],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      keepNames: true,
      tsconfigRaw: {},
    });
    const script = (bundle.outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
    const html =
      `<!doctype html><html><head><meta charset="utf-8"><title>t</title><style>${readFileSync(CSS, 'utf8')}</style></head>` +
      `<body><div id="app"></div><script>${script}</script></body></html>`;
    return new Fixture(await launchChromium(), html);
  }

  /** `still` asks for reduced motion, so that nothing moves while it is measured. */
  async open(name: string, size = SIZE, motion: 'still' | 'moving' = 'still'): Promise<Page> {
    const page = await (await this.context(motion)).newPage();
    await this.show(page, name, size);
    return page;
  }

  /**
   * The page with its clock stopped: its timers, its frames and the times of its events go on by `page.clock.runFor` only. So no
   * round trip from here, however slow, falls into a time that a gesture or a toast counts. For `read` and `page.mouse`; what
   * waits for a frame (`act`, `settled`) never returns.
   */
  async openStopped(name: string, size = SIZE): Promise<Page> {
    // A clock belongs to a context: this page shares none.
    const context = await this.browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.once('close', () => void context.close());
    await page.clock.install({ time: START_MS });
    await this.show(page, name, size);
    await page.clock.pauseAt(START_MS + HOUR_MS);
    return page;
  }

  private async show(page: Page, name: string, size: { width: number; height: number }): Promise<void> {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.setViewportSize(size);
    await page.route('http://page.test/', (route) => route.fulfill({ contentType: 'text/html', body: this.html }));
    await page.goto('http://page.test/');
    await page.evaluate((which) => (window as unknown as { show(name: string): void }).show(which), name);
    await settled(page);
  }

  private async context(motion: 'still' | 'moving'): Promise<BrowserContext> {
    const known = this.contexts.get(motion);
    if (known !== undefined) {
      return known;
    }
    const made = await this.browser.newContext({ reducedMotion: motion === 'still' ? 'reduce' : 'no-preference' });
    this.contexts.set(motion, made);
    return made;
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

/** Frames: in the first the runtime updates, in the second it has answered to what it measured; the third comes after both. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
      }),
  );
}

export async function box(page: Page, selector: string): Promise<Box> {
  const found = await page.locator(selector).boundingBox();
  if (found === null) {
    throw new Error(`${selector} is not shown`);
  }
  return found;
}

/** Runs what the page offers under that name, now. */
export async function read(page: Page, name: string, ...args: unknown[]): Promise<unknown> {
  return await page.evaluate(
    ([which, list]) =>
      (window as unknown as { acts: Record<string, (...given: unknown[]) => unknown> }).acts[which as string]?.(
        ...(list as unknown[]),
      ),
    [name, args] as const,
  );
}

/** The same, and waits for the update. */
export async function act(page: Page, name: string, ...args: unknown[]): Promise<unknown> {
  const result = await read(page, name, ...args);
  await settled(page);
  return result;
}
