/**
 * Runs inside the process of one List file, bundled together with hypium and the tests. Hypium's own verdict is not
 * trusted: its report code is 0 for errors and timeouts, a throwing afterAll is in no count, floating rejections and
 * empty suites go unnoticed. This file counts for itself, from hypium's suite tree and from what it sees happen.
 */
import { writeFileSync } from 'node:fs';
import { format } from 'node:util';
import { LeakGate } from './leak-gate.js';
import type { ModuleResult, SpecResult } from './results.js';

/** The parent reads the result from a file, so that nothing the tests print can be taken for it. */
const RESULT_FILE = process.env['ETS_TEST_RESULT'] ?? '';
const HYPIUM_NARRATION = /^\[Hypium\]|^\[suite end\]|OHOS_REPORT_/;

interface Spec {
  description: string;
  error?: unknown;
  fail?: unknown;
  pass?: boolean;
  isExecuted: boolean;
  duration: number;
}

interface Suite {
  description: string;
  childSuites: Suite[];
  specs: Spec[];
  hookError: unknown;
}

type TestFunction = (...args: unknown[]) => unknown;
type Matchers = Record<string, (...args: unknown[]) => unknown>;

interface HypiumCore {
  describe: (name: string, body: () => void) => void;
  it: (name: string, filter: number, body: TestFunction) => void;
  expect: (actual: unknown) => Matchers;
  fireEvents: (service: string, event: string, detail?: unknown) => Promise<void>;
  getDefaultService(name: 'suite'): { rootSuite: Suite; currentRunningSuite: Suite };
  getDefaultService(name: 'spec'): { currentRunningSpec: Spec | null | undefined };
}

interface HypiumModule {
  Core: { getInstance(): HypiumCore };
  Hypium: { hypiumTest(delegator: object, args: object, testsuite: () => void): void };
  MockKit: { prototype: { verify: TestFunction } };
}

interface Notes {
  assertions: number;
  /** Errors that hypium loses: thrown after done(), or outside any awaited promise. */
  lost: unknown[];
  output: string[];
}

const realExit = process.exit.bind(process);
const notes = new Map<Spec, Notes>();
const faults: string[] = [];
const looseOutput: string[] = [];
let core: HypiumCore | undefined;
let insideMatcher = false;
let reported = false;

captureConsole();
process.on('unhandledRejection', (reason) => strayError('a promise was rejected and nothing awaited it', reason));
process.on('uncaughtException', (error) => strayError('an error was thrown outside any awaited call', error));
// The event loop ran dry before hypium finished: something awaits what can never come.
process.on('beforeExit', () => {
  faults.push(`the run stopped before its end, while running ${currentSpec()?.description ?? 'no spec'}`);
  finish();
});
/** Specs run on a fake clock and close what they open before they end: 2 s are plenty. */
const LEAK_TURNS = 400;
/** Last, so that the listeners above are no leak. */
const gate = new LeakGate(() => currentSpec()?.description ?? '');

export function run(hypium: HypiumModule, testsuite: () => void): void {
  const suiteFilter = process.env['ETS_TEST_SUITE'] ?? '';
  const delegator = {
    printSync: (): void => undefined,
    print: (): void => undefined,
    executeShellCommand: (): void => undefined,
    finishTest: (): void => {
      // A rejection is reported one turn of the loop after it happened.
      setImmediate(() => setImmediate(() => void noteLeaks('the tests').then(finish)));
    },
  };
  const timeoutMs = process.env['ETS_TEST_TIMEOUT_MS'] ?? '5000';
  const args = { bundleName: '', parameters: { '-s timeout': timeoutMs }, testCaseNames: '', testRunnerClassName: '' };
  try {
    hypium.Hypium.hypiumTest(delegator, args, () => {
      core = hypium.Core.getInstance();
      watchCore(core, hypium, suiteFilter);
      testsuite();
      if (suiteFilter === '' && core.getDefaultService('suite').rootSuite.childSuites.length === 0) {
        faults.push('List.test.ets declares no suite');
      }
    });
  } catch (error) {
    faults.push(`the suites could not be declared\n${describeError(error)}`);
    report([]);
  }
}

/** Replaces the calls that every test goes through; hypium looks them up on its core at each call. */
function watchCore(watched: HypiumCore, hypium: HypiumModule, suiteFilter: string): void {
  const { describe, it, expect } = watched;
  const fireEvents = watched.fireEvents.bind(watched);
  watched.fireEvents = async (service, event, detail): Promise<void> => {
    if (service === 'suite' && event === 'suiteDone') {
      await suiteDone(watched);
    }
    await fireEvents(service, event, detail);
  };
  let depth = 0;
  watched.describe = (name, body): void => {
    if (depth === 0 && suiteFilter !== '' && !name.includes(suiteFilter)) {
      return;
    }
    depth++;
    try {
      describe(name, body);
    } finally {
      depth--;
    }
  };
  watched.it = (name, filter, body): void => it(name, filter, watchErrors(body));
  watched.expect = (actual): Matchers => countMatchers(expect(actual));
  const verify = hypium.MockKit.prototype.verify;
  hypium.MockKit.prototype.verify = function (this: unknown, ...args: unknown[]): unknown {
    noteAssertion();
    return Reflect.apply(verify, this, args);
  };
}

/** What an outermost suite leaves over would trouble the next one. An inner one may use what the outer one holds. */
async function suiteDone(watched: HypiumCore): Promise<void> {
  const { rootSuite, currentRunningSuite } = watched.getDefaultService('suite');
  if (rootSuite.childSuites.includes(currentRunningSuite)) {
    await noteLeaks(`suite '${currentRunningSuite.description}'`);
  }
}

/** Keeps `length`, by which hypium decides between an awaited function and one that calls done. */
function watchErrors(body: TestFunction): TestFunction {
  const remember = (error: unknown): never => {
    const spec = currentSpec();
    if (spec) {
      notesOf(spec).lost.push(error);
    }
    throw error;
  };
  const call = (args: unknown[]): unknown => {
    try {
      const answer = body(...args);
      return answer instanceof Promise ? answer.catch(remember) : answer;
    } catch (error) {
      return remember(error);
    }
  };
  return body.length === 0 ? (): unknown => call([]) : (done): unknown => call([done]);
}

function countMatchers(matchers: Matchers): Matchers {
  for (const [name, matcher] of Object.entries(matchers)) {
    if (name.startsWith('assert') && typeof matcher === 'function') {
      matchers[name] = function (this: unknown, ...args: unknown[]): unknown {
        noteAssertion();
        insideMatcher = true;
        try {
          return Reflect.apply(matcher, this, args);
        } finally {
          insideMatcher = false;
        }
      };
    }
  }
  return matchers;
}

function currentSpec(): Spec | null | undefined {
  return core?.getDefaultService('spec').currentRunningSpec;
}

function noteAssertion(): void {
  const spec = currentSpec();
  if (spec) {
    notesOf(spec).assertions++;
  }
}

function notesOf(spec: Spec): Notes {
  let found = notes.get(spec);
  if (found === undefined) {
    found = { assertions: 0, lost: [], output: [] };
    notes.set(spec, found);
  }
  return found;
}

function strayError(what: string, error: unknown): void {
  const spec = currentSpec();
  faults.push(`${what}${spec ? `, while '${spec.description}' ran` : ''}\n${describeError(error)}`);
}

/** Waits for what is just closing, and tells of each leak once. */
async function noteLeaks(who: string): Promise<void> {
  const left = await gate.settle(LEAK_TURNS);
  if (left.length > 0) {
    faults.push(`${who} left something over: ${left.join(', ')}`);
    gate.forgive();
  }
}

function finish(): void {
  const specs: SpecResult[] = [];
  const root = core?.getDefaultService('suite').rootSuite;
  root?.specs.forEach((spec) => specs.push(resultOf(spec, '')));
  root?.childSuites.forEach((suite) => collect(suite, '', specs));
  report(specs);
}

function collect(suite: Suite, prefix: string, into: SpecResult[]): void {
  const name = prefix === '' ? suite.description : `${prefix} > ${suite.description}`;
  if (suite.specs.length === 0 && suite.childSuites.length === 0) {
    faults.push(`suite '${name}' is empty`);
  }
  if (suite.hookError !== null && suite.hookError !== undefined) {
    faults.push(`a hook of suite '${name}' failed\n${describeError(suite.hookError)}`);
  }
  suite.specs.forEach((spec) => into.push(resultOf(spec, name)));
  suite.childSuites.forEach((child) => collect(child, name, into));
}

function resultOf(spec: Spec, suiteName: string): SpecResult {
  const { lost, assertions, output } = notesOf(spec);
  const error = spec.error ?? spec.fail ?? lost[0];
  let reason = '';
  if (error !== undefined && error !== null) {
    reason = describeError(error);
  } else if (spec.pass !== true || !spec.isExecuted) {
    reason = 'it did not run to its end';
  } else if (assertions === 0) {
    reason = 'it made no assertion';
  }
  return {
    name: suiteName === '' ? spec.description : `${suiteName} > ${spec.description}`,
    passed: reason === '',
    reason,
    durationMs: spec.duration,
    output: reason === '' ? [] : output,
  };
}

function describeError(error: unknown): string {
  if (error instanceof Error) {
    const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*\.(ets|ts):\d/.test(line));
    const own = stack.filter((line) => !line.includes('/test-runner/') && !line.includes('/hypium/'));
    const name = error.name === 'AssertException' || error.name === 'Error' ? '' : `${error.name}: `;
    return [`${name}${error.message}`, ...own].join('\n');
  }
  return format('%s was thrown, which is no Error', error);
}

function captureConsole(): void {
  for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    console[method] = (...args: unknown[]): void => {
      const text = format(...args);
      // Matchers narrate every comparison.
      if (insideMatcher || HYPIUM_NARRATION.test(text)) {
        return;
      }
      const spec = currentSpec();
      (spec ? notesOf(spec).output : looseOutput).push(text);
    };
  }
}

function report(specs: readonly SpecResult[]): void {
  if (reported) {
    return;
  }
  reported = true;
  const result: ModuleResult = { specs, faults, output: faults.length === 0 ? [] : looseOutput };
  writeFileSync(RESULT_FILE, JSON.stringify(result));
  realExit(0);
}
