import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../../host/src/testing/chromium';

const PACKAGES = ['chromium', 'fonts-noto-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji'];
const CJK_FONT_FOLDERS = ['/usr/share/fonts/opentype/noto', '/usr/share/fonts/noto-cjk'];

/** Sees to it that a Chromium with fonts is here: by apt where there is apt and root, else says what to install. */
export function ensureBrowser(): boolean {
  const isDebian = existsSync('/usr/bin/apt-get');
  const hasFonts = !isDebian || CJK_FONT_FOLDERS.some((folder) => existsSync(folder));
  if (findChromium() !== null && hasFonts) {
    return true;
  }
  if (isDebian && process.getuid?.() === 0) {
    console.log(`Installing ${PACKAGES.join(', ')} by apt …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  if (findChromium() === null) {
    console.error(
      'The tests need Chromium: install it (Debian: apt-get install chromium fonts-noto-core fonts-noto-cjk) or set CHROMIUM to its path.',
    );
    return false;
  }
  return true;
}
