import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/install.mjs';

/** Where the pictures go. `npm run screenshots` renews those that the README shows; a test run keeps its own. */
export const SCREENSHOTS = join(ROOT, process.env['PARLEY_SCREENSHOTS'] ?? 'build/screenshots');
