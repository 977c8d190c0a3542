import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { programArgs } from '../../../scripts/lib/program';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store';
import { makeTempDir } from '../support/temp-dir';
import { whereThereIs } from '../support/where-there-is';

const BATCHES = 6;
/** Messages of one batch. */
const SIZE = 20;

/** What the kernel was asked of one file up to the moment of an ack. */
interface AckMoment {
  readonly batch: number;
  /** From the start of the file. */
  readonly syncedBytes: number;
  readonly syncs: number;
}

/** Reads strace's report: `PID call(FD<path>, …) = result`. */
function momentsOf(report: string, walPath: string): AckMoment[] {
  const moments: AckMoment[] = [];
  let [writtenBytes, syncedBytes, syncs] = [0, 0, 0];
  for (const line of report.split('\n')) {
    const [, batch] = /write\(1<[^>]*>, "ack (\d+)\\n"/.exec(line) ?? [];
    if (batch !== undefined) {
      moments.push({ batch: Number(batch), syncedBytes, syncs });
    }
    if (!line.includes(`<${walPath}>`)) {
      continue;
    }
    const [, length, offset] = /pwrite64\(.*, (\d+), (\d+)\)/.exec(line) ?? [];
    if (length !== undefined && offset !== undefined) {
      writtenBytes = Math.max(writtenBytes, Number(offset) + Number(length));
    } else if (/ f(data)?sync\(.* = 0$/.test(line)) {
      syncedBytes = writtenBytes;
      syncs++;
    }
  }
  return moments;
}

const hasStrace = spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;

whereThereIs('strace', hasStrace, () => {
  test('each batch has one fsync, before its ack, and what was not synced by then can be cut off', async () => {
    const dir = makeTempDir();
    const [database, report] = [join(dir.path, 'parley.db'), join(dir.path, 'calls')];
    const calls = 'pwrite64,pwritev,write,fsync,fdatasync';
    const program = [...programArgs('server/test/support/commit-loop.ts'), database, String(BATCHES), String(SIZE)];
    const child = spawn('strace', ['-f', '-y', '-e', `trace=${calls}`, '-o', report, process.execPath, ...program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let output = '';
    child.stdout.setEncoding('utf8');
    for await (const text of child.stdout) {
      output += String(text);
      if (output.includes('done')) {
        break;
      }
    }
    // Both, and without a chance to tidy up.
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');
    const moments = momentsOf(readFileSync(report, 'utf8'), `${database}-wal`);
    assert.deepEqual(
      moments.map(({ batch }) => batch),
      Array.from({ length: BATCHES }, (_, i) => i + 1),
    );
    for (const [index, { batch, syncedBytes, syncs }] of moments.entries()) {
      if (index > 0) {
        assert.equal(syncs - (moments[index - 1]?.syncs ?? 0), 1, `fsyncs of batch ${batch}`);
      }
      const copy = join(dir.path, `cut-${batch}.db`);
      copyFileSync(database, copy);
      copyFileSync(`${database}-wal`, `${copy}-wal`);
      truncateSync(`${copy}-wal`, syncedBytes);
      const store = new SqliteStore(copy);
      const page = await store.history('r_1', 0, 1);
      await store.close();
      assert.equal(page?.events[0]?.clientId, `c_${batch}_${SIZE - 1}`, `the last message of batch ${batch}`);
      assert.equal(page?.events[0]?.seq, batch * SIZE + 1);
    }
    dir.remove();
  });
});
