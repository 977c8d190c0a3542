/** Child process: fills a place for servers that are measured from their start. Its folder goes with this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../../server/src/ports/ids';
import { fill, type Place, type Seat, type Shape } from './parley-filling';
import { serve } from './processes';

export interface Filling {
  readonly place: Place;
  readonly seats: readonly (readonly Seat[])[];
}

const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));

serve(
  {
    /** Into a folder, or into the database where one is named. */
    async fill({ databaseUrl, ...shape }: Shape & { readonly databaseUrl?: string }): Promise<Filling> {
      const secret = Buffer.from(systemRandom(48)).toString('base64url');
      const place = databaseUrl === undefined ? { secret, dataDir } : { secret, databaseUrl };
      return { place, seats: await fill(shape, place) };
    },
  },
  () => rmSync(dataDir, { recursive: true, force: true }),
);
