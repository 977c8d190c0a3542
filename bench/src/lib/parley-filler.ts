/** Child process: fills a folder for a server that is measured from its start. It goes with this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../../server/src/ports/ids';
import { fill, type Seat, type Shape } from './parley-filling';
import type { FilledPlace } from './parley-server';
import { serve } from './processes';

export interface Filling {
  readonly place: FilledPlace;
  readonly seats: readonly (readonly Seat[])[];
}

const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));

serve(
  {
    async fill(shape: Shape): Promise<Filling> {
      const secret = Buffer.from(systemRandom(48)).toString('base64url');
      return { place: { dataDir, secret }, seats: await fill(shape, dataDir, secret) };
    },
  },
  () => rmSync(dataDir, { recursive: true, force: true }),
);
