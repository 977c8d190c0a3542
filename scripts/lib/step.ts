import { spawn } from 'node:child_process';
import { ROOT } from './install.mjs';

/** What one step of `npm test` counted. */
export interface StepResult {
  readonly passed: number;
  readonly failed: number;
}

export interface Step {
  readonly name: string;
  /** A TypeScript file below the root. */
  readonly file: string;
  readonly args: readonly string[];
}

const CLOSING_LINE = /^(\d+) passed, (\d+) failed$/;

/**
 * Runs `node --import tsx FILE …` and reads its closing line `N passed, N failed`. A step that ends without one, or with an exit code
 * that its line does not explain, is one more failure: a crash is never a pass.
 */
export async function runStep(step: Step, print: (text: string) => void): Promise<StepResult> {
  const { name, file, args } = step;
  const startedAt = Date.now();
  print(`\n== ${name}\n`);
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.env,
  });
  let tail = '';
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', print);
  child.stdout.on('data', (text: string) => {
    print(text);
    tail = (tail + text).slice(-4000);
  });
  const code = await new Promise<number>((done) => child.on('close', (exit) => done(exit ?? 1)));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const match = CLOSING_LINE.exec(tail.trimEnd().split('\n').at(-1)?.trim() ?? '');
  const passed = match === null ? 0 : Number(match[1]);
  let failed = match === null ? 0 : Number(match[2]);
  if ((match === null || code !== 0) && failed === 0) {
    failed = 1;
  }
  print(`-- ${name}: ${passed} passed, ${failed} failed, ${seconds} s\n`);
  return { passed, failed };
}
