import { existsSync } from 'node:fs';
import { findChromium } from '../../host/src/testing/chromium';
import { installPackages, isDebian } from './debian';

const PACKAGES = ['chromium', 'fonts-noto-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji'];
const CJK_FONT_FOLDERS = ['/usr/share/fonts/opentype/noto', '/usr/share/fonts/noto-cjk'];

/** Sees to it that a Chromium with fonts is here: by apt where there is apt and root, else says what to install. */
export function ensureBrowser(): boolean {
  const hasFonts = !isDebian || CJK_FONT_FOLDERS.some((folder) => existsSync(folder));
  if (findChromium() === null || !hasFonts) {
    installPackages(PACKAGES);
  }
  if (findChromium() === null) {
    console.error(
      'The tests need Chromium: install it (Debian: apt-get install chromium fonts-noto-core fonts-noto-cjk) or set CHROMIUM to its path.',
    );
    return false;
  }
  return true;
}
