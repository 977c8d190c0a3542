/** Child process: members that hold a connection and say nothing but what keeps it. */
import { serve } from '../../lib/processes';
import { DIALECTS, type Member } from '../dialects';
import { Line } from '../line';

export interface HoldOrder {
  readonly port: number;
  /** A key of `DIALECTS`. */
  readonly dialect: string;
  /** One for each connection to be added to those that are held. */
  readonly members: readonly Member[];
}

const WAVE = 25;
const KEEP_ALIVE_MS = 20_000;
const lines: Line[] = [];

serve({
  /** Resolves with the number of connections that are held now. */
  async hold({ port, dialect: name, members }: HoldOrder): Promise<number> {
    const dialect = DIALECTS[name];
    if (dialect === undefined) {
      throw new Error(`expected a dialect, got ${name}`);
    }
    for (let from = 0; from < members.length; from += WAVE) {
      const wave = members.slice(from, from + WAVE);
      lines.push(...(await Promise.all(wave.map((member) => Line.open(port, dialect, member, () => false)))));
    }
    return lines.length;
  },
  /** Connections that are held and were not ended by the server. */
  held: () => lines.filter((line) => line.closeCode === null).length,
});
setInterval(() => lines.forEach((line) => line.stayAlive()), KEEP_ALIVE_MS);
