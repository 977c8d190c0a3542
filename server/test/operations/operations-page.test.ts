import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands';
import { readSettings } from '../../src/settings';
import { Scrape } from '../support/scrape';
import { settingNames } from '../support/setting-names';
import { TestServer } from '../support/test-server';

const page = readFileSync(new URL('../../../docs/OPERATIONS.md', import.meta.url), 'utf8');

/** The rows of the table below a heading: their cells, without the head of the table. */
function rowsBelow(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
}

/** The word in the first backticks of a cell; empty where there are none. */
function codeOf(cell: string | undefined): string {
  return /`([^`]*)`/.exec(cell ?? '')?.[1] ?? '';
}

/** Of `prom-client`; that a server that is a process has them is shown beside (metrics.test.ts). */
const PROCESS_METRICS = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_used_bytes',
];

describe('docs/OPERATIONS.md', () => {
  test('has a row for every setting that the server reads, and for no other', () => {
    const documented = rowsBelow('Settings').map(([name]) => codeOf(name));
    assert.deepEqual([...documented].sort(), [...settingNames()].sort());
  });

  test('tells the default of every setting', () => {
    const defaults = readSettings({});
    for (const [name, fallback] of rowsBelow('Settings')) {
      const variable = codeOf(name);
      assert.deepEqual(readSettings({ [variable]: codeOf(fallback) }), defaults, variable);
    }
  });

  test('has a row for every command', () => {
    const documented = rowsBelow('The command').map(([name]) => codeOf(name));
    assert.deepEqual(
      documented,
      COMMANDS.map((command) => command.words.join(' ')),
    );
  });
});

describe('what is said of metrics', () => {
  let server: TestServer;
  let scrape: Scrape;

  before(async () => {
    server = await TestServer.start({ settings: { metricsPort: 0 } });
    await server.api.call('GET', '/healthz');
    scrape = await Scrape.of(server);
  });
  after(() => server.stop());

  test('docs/OPERATIONS.md has a row for each metric, with its type and labels', () => {
    const rows = rowsBelow('Metrics').map(([name, type, labels = '']) => {
      return { name: codeOf(name), type, labels: [...labels.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '') };
    });
    assert.deepEqual(rows.map(({ name }) => name).sort(), [...scrape.names].sort());
    for (const { name, type, labels } of rows) {
      assert.match(scrape.text, new RegExp(`^# TYPE ${name} ${type}$`, 'm'));
      const series = scrape.text
        .split('\n')
        .filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?[{ ]`).test(line));
      const used = new Set(series.flatMap((line) => [...line.matchAll(/(\w+)="/g)].map((match) => match[1] ?? '')));
      used.delete('le');
      used.forEach((label) => assert.ok(labels.includes(label), `${name}: ${label}`));
    }
  });

  test('the dashboard asks for nothing that a server does not tell', () => {
    const dashboard = readFileSync(new URL('../../../deploy/grafana/parley.json', import.meta.url), 'utf8');
    const { panels } = JSON.parse(dashboard) as {
      panels: { title: string; description: string; targets: { expr: string }[] }[];
    };
    const known = new Set([...scrape.names, ...PROCESS_METRICS]);
    const asked = new Set<string>();
    for (const { title, description, targets } of panels) {
      assert.ok(title !== '' && description.endsWith('.'), title);
      for (const { expr } of targets) {
        const names = [...expr.matchAll(/\b(?:parley|process|nodejs)_\w+/g)].map((match) => match[0]);
        assert.ok(names.length > 0, expr);
        for (const name of names) {
          const base = name.replace(/_(bucket|sum|count)$/, '');
          assert.ok(known.has(name) || known.has(base), `${title}: ${name}`);
          asked.add(known.has(name) ? name : base);
        }
        assert.equal(expr.split('(').length, expr.split(')').length, expr);
      }
    }
    assert.ok(asked.size >= 20, `${asked.size} metrics on the dashboard`);
  });
});
