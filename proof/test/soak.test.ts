import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Inspector } from '../soak/inspector.js';
import { HEAP_BOUND_KIB_PER_MINUTE, jsonOf, reportOf, RSS_BOUND_KIB_PER_MINUTE } from '../soak/report.js';
import type { Sample } from '../soak/process-watch.js';
import { readArguments } from '../soak/soak-arguments.js';
import { slopePerMinute } from '../soak/slope.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIB = 1024 * 1024;

/** A sample every ten seconds: memory as `growth` says (KiB per minute), on top of a warm-up that grows much faster. */
function samplesOf(minutes: number, growth: { readonly rss: number; readonly heap: number }): Sample[] {
  return Array.from({ length: minutes * 6 + 1 }, (_, index): Sample => {
    const minute = index / 6;
    const warmUp = Math.min(minute, minutes * 0.3) * 20 * MIB;
    return {
      atMs: minute * 60_000,
      rssBytes: 100 * MIB + warmUp + minute * growth.rss * 1024,
      heapBytes: 30 * MIB + warmUp + minute * growth.heap * 1024,
      lagP99Ms: 12,
      messages: index * 100,
      opened: index,
      closed: index,
    };
  });
}

const FACTS = { clients: 4, seed: 5, on: 'sqlite', visits: 3, violations: [] };

describe('the slope of a soak', () => {
  test('is that of the straight line through the points, per minute', () => {
    const points = [0, 1, 2, 3].map((minute) => ({ atMs: minute * 60_000, value: 7 + 5 * minute + (minute % 2) }));
    assert.ok(Math.abs(slopePerMinute(points) - 5.2) < 1e-9);
    assert.equal(slopePerMinute(points.slice(0, 1)), 0);
    assert.equal(slopePerMinute([]), 0);
  });

  test('leaves the warm-up out, and fails a long run that grows beyond a bound, of whichever process', () => {
    const flat = samplesOf(20, { rss: 10, heap: 5 });
    const good = reportOf({ ...FACTS, minutes: 20 }, [flat, flat]);
    assert.deepEqual([Math.round(good.rssSlope), Math.round(good.heapSlope), good.faults], [10, 5, []]);
    const heap = reportOf({ ...FACTS, minutes: 20 }, [
      flat,
      samplesOf(20, { rss: 10, heap: 1.01 * HEAP_BOUND_KIB_PER_MINUTE }),
    ]);
    assert.match(heap.faults.join(), /^heap: expected at most \d+ KiB more a minute, got \d+$/);
    const rss = reportOf({ ...FACTS, minutes: 20 }, [
      samplesOf(20, { rss: 1.01 * RSS_BOUND_KIB_PER_MINUTE, heap: 0 }),
      flat,
    ]);
    assert.match(rss.faults.join(), /^memory: expected at most \d+ KiB more a minute, got \d+$/);
  });

  test('of a short run is told and not judged; violations and silence fail any run', () => {
    const steep = samplesOf(9, { rss: 10_000, heap: 10_000 });
    const short = reportOf({ ...FACTS, minutes: 9 }, [steep]);
    assert.deepEqual([Math.round(short.heapSlope), short.isJudged, short.faults], [10_000, false, []]);
    assert.deepEqual(reportOf({ ...FACTS, minutes: 9, violations: ['lost'] }, [steep]).faults, ['1 violations']);
    const silent = steep.map((sample) => ({ ...sample, messages: 0 }));
    assert.deepEqual(reportOf({ ...FACTS, minutes: 9 }, [silent]).faults, ['no message was sent']);
  });

  test('is told for each message, too', () => {
    const report = reportOf({ ...FACTS, minutes: 20 }, [samplesOf(20, { rss: 600, heap: 60 })]);
    const told = JSON.parse(jsonOf(report)) as Record<string, number>;
    assert.equal(told['heap_bytes_per_message'], Math.round((60 * 1024 * 10 * 20) / 12_000) / 10);
    assert.equal(told['messages'], 12_000);
  });
});

describe('the way into a process', () => {
  test('counts living objects alone, and sees what a process keeps', async () => {
    const source = 'globalThis.kept = []; setInterval(() => new Array(1000).fill({}), 1)';
    const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', source], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    while (!stderr.includes('ws://')) {
      await once(child.stderr, 'data');
    }
    const inspector = await Inspector.of(stderr);
    const heapOf = async (): Promise<number> => {
      await inspector.collectGarbage();
      return Number(await inspector.evaluate('process.memoryUsage().heapUsed'));
    };
    const before = await heapOf();
    await inspector.evaluate('kept.push(new Array(1_000_000).fill(0).map((_, i) => ({ i })))');
    assert.ok((await heapOf()) - before > 20 * MIB);
    await inspector.evaluate('kept.pop()');
    assert.ok(Math.abs((await heapOf()) - before) < MIB);
    await inspector.close();
    child.kill('SIGKILL');
    await once(child, 'close');
  });

  test('is refused where a process was started without one', async () => {
    await assert.rejects(Inspector.of('hello'), /expected a process that was started with --inspect, got "hello"/);
  });
});

async function runCli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'proof/cli/soak.ts', ...args], { cwd: ROOT });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

describe('npm run soak', () => {
  test('in a few seconds: messages, reconnects and visits, nothing broken, one object as the last line', async () => {
    const { code, stdout, stderr } = await runCli('--minutes', '0.08', '--clients', '3', '--seed', '20');
    assert.equal(code, 0, stdout + stderr);
    const told = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    const { messages, connections_opened: opened, connections_closed: closed } = told as Record<string, number>;
    assert.deepEqual([told['violations'], told['faults'], told['seed'], told['judged']], [0, [], 20, false]);
    assert.ok((messages ?? 0) > 5 && (opened ?? 0) > 3 && (closed ?? 0) > 0, stdout);
    assert.ok(['rss_slope_kib_per_minute', 'heap_slope_kib_per_minute'].every((key) => Number.isFinite(told[key])));
  });

  test('refuses what it does not understand, with what it expected', () => {
    for (const [args, sentence] of [
      [['--minutes', '0'], '--minutes: expected a number above 0, got "0"'],
      [['--clients', '101'], '--clients: expected an integer from 1 to 100, got "101"'],
      [['--on', 'oracle'], '--on: expected sqlite or cluster, got "oracle"'],
      [['--seed', 'x'], '--seed: expected an integer from 0 to 1000000, got "x"'],
    ] as const) {
      assert.throws(() => readArguments(args), new Error(sentence));
    }
    assert.throws(() => readArguments(['--hours', '1']), /--hours/);
    const { minutes, clients, on } = readArguments([]);
    assert.deepEqual({ minutes, clients, on }, { minutes: 10, clients: 8, on: 'sqlite' });
  });
});
