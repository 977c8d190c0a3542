import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Module, Project } from '../project/project.js';
import { BundleError, bundleTests } from './bundle.js';
import { testFilesBelow, unlistedTests } from './list-file.js';
import type { ModuleResult } from './results.js';

export interface RunOptions {
  /** Runs only the outermost suites whose name contains this text. Empty: all. */
  readonly suite: string;
  /** How long one spec or hook may take. */
  readonly specTimeoutMs: number;
  /** How long all tests of one module may take; a loop that never ends can only be killed from outside. */
  readonly moduleTimeoutMs: number;
}

export const DEFAULT_RUN_OPTIONS: RunOptions = { suite: '', specTimeoutMs: 5_000, moduleTimeoutMs: 120_000 };

/** Runs the tests that the module's List.test.ets lists, in a process of their own. Never throws for what tests do. */
export async function runModule(project: Project, module: Module, options: RunOptions): Promise<ModuleResult> {
  const listFile = path.join(module.dir, 'src/test/List.test.ets');
  if (!existsSync(listFile)) {
    return fault(`${path.relative(project.root, listFile)}:1 is missing: every module has a List.test.ets`);
  }
  if (testFilesBelow(path.dirname(listFile)).length === 1) {
    return fault();
  }
  const unlisted = unlistedTests(listFile).map(
    (file) => `${path.relative(project.root, file)}:1 is not in List.test.ets`,
  );
  const dir = mkdtempSync(path.join(tmpdir(), 'ets-tests-'));
  try {
    const bundle = path.join(dir, 'tests.mjs');
    await bundleTests(project, module, listFile, bundle);
    const result = await runBundle(bundle, path.join(dir, 'result.json'), options);
    return relativePaths(project, { ...result, faults: [...unlisted, ...result.faults] });
  } catch (error) {
    if (error instanceof BundleError) {
      return fault(...unlisted, `the tests could not be built\n${error.message}`);
    }
    throw error;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function fault(...faults: string[]): ModuleResult {
  return { specs: [], faults, output: [] };
}

async function runBundle(bundle: string, resultFile: string, options: RunOptions): Promise<ModuleResult> {
  const child = spawn(process.execPath, ['--enable-source-maps', bundle], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      ETS_TEST_RESULT: resultFile,
      ETS_TEST_SUITE: options.suite,
      ETS_TEST_TIMEOUT_MS: String(options.specTimeoutMs),
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, options.moduleTimeoutMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  if (existsSync(resultFile)) {
    return JSON.parse(readFileSync(resultFile, 'utf8')) as ModuleResult;
  }
  const why = timedOut ? `no end after ${options.moduleTimeoutMs} ms` : `exit code ${code ?? 'none'} without a result`;
  return fault(`the test process failed: ${why}\n${output.trim()}`);
}

/** Stacks name files relative to the project, as a reader would type them. */
function relativePaths(project: Project, result: ModuleResult): ModuleResult {
  const shorten = (text: string): string =>
    text.replaceAll(`file://${project.root}/`, '').replaceAll(`${project.root}/`, '');
  return {
    specs: result.specs.map((spec) => ({ ...spec, reason: shorten(spec.reason) })),
    faults: result.faults.map(shorten),
    output: result.output,
  };
}
