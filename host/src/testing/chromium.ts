import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Without these flags Chromium calls home at every start, which a closed network answers with noise and delay. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of a Chromium on this machine, or null. `CHROMIUM` names one in an unusual place. */
export function findChromium(): string | null {
  return CANDIDATES.find((path): path is string => path !== undefined && path !== '' && existsSync(path)) ?? null;
}

/** Starts a headless Chromium. Throws where none is installed. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error('No Chromium found: install Debian package "chromium" or set CHROMIUM to its path.');
  }
  return await chromium.launch({ executablePath, args: QUIET });
}
