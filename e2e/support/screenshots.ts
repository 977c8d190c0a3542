import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../../scripts/lib/install.mjs';

/** Where the pictures go. `npm run screenshots` renews those that the README shows; a test run keeps its own. */
const SCREENSHOTS = join(ROOT, process.env['PARLEY_SCREENSHOTS'] ?? 'build/screenshots');

/** Transitions are at their end in the picture, whenever it is taken. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}
