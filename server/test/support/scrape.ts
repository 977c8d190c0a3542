import type { TestServer } from './test-server';

/** Prometheus' text as a map from `name{label="value"}` to the value. */
export class Scrape {
  private constructor(readonly text: string) {}

  static async of(server: TestServer): Promise<Scrape> {
    const address = server.server.operationsAddress();
    if (address === null) {
      throw new Error('expected a server with METRICS_PORT, got one without');
    }
    const reply = await fetch(`http://${address.host}:${address.port}/metrics`);
    return new Scrape(await reply.text());
  }

  /** The value of one series, written as in the text. 0 where there is none. */
  value(series: string): number {
    const line = this.text.split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length + 1));
  }

  /** Every metric's name. */
  get names(): string[] {
    return [...this.text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1] ?? '');
  }

  /** The values of every label, without those of `le`. */
  get labels(): ReadonlyMap<string, ReadonlySet<string>> {
    const found = new Map<string, Set<string>>();
    for (const [, label = '', value = ''] of this.text.matchAll(/(\w+)="([^"]*)"/g)) {
      if (label !== 'le') {
        found.set(label, (found.get(label) ?? new Set<string>()).add(value));
      }
    }
    return found;
  }
}
