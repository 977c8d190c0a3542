import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadProject } from '../../src/project/project.js';
import { runTestCommand } from '../../src/test-runner/command.js';
import { DEFAULT_RUN_OPTIONS, runModule, type RunOptions } from '../../src/test-runner/run-module.js';
import type { ModuleResult } from '../../src/test-runner/results.js';
import { createFixtureProject, type FixtureProject } from '../project/fixture-project.js';

const CORE_TESTS = 'common/core/src/test';
const HOST_DIR = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Only what never ends may end by time, or a slow machine would decide. */
const NEVER_MS = 600_000;

let fixture: FixtureProject;
before(() => {
  fixture = createFixtureProject();
});
after(() => fixture.dispose());

/** Makes `body` the whole of core's tests: what stands in one describe, or several of them when it starts with one. */
function writeSpecs(body: string, dir = CORE_TESTS): void {
  const suites = body.includes('describe(') ? body : `describe('suite', () => {\n${body}\n});`;
  fixture.write(
    `${dir}/Own.test.ets`,
    `import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@ohos/hypium';\n` +
      `import { Thing } from '../../Index';\n\nexport default function ownTest(): void {\n${suites}\n}\n`,
  );
  fixture.write(
    `${dir}/List.test.ets`,
    `import ownTest from './Own.test';\n\nexport default function testsuite(): void {\n  ownTest();\n}\n`,
  );
}

function run(body: string, options: Partial<RunOptions> = {}): Promise<ModuleResult> {
  writeSpecs(body);
  const project = loadProject(fixture.root);
  return runModule(project, project.module('core'), { ...DEFAULT_RUN_OPTIONS, specTimeoutMs: NEVER_MS, ...options });
}

/** The only spec of the run. */
function onlySpec(result: ModuleResult): ModuleResult['specs'][number] {
  assert.equal(result.specs.length, 1, JSON.stringify(result));
  return result.specs[0]!;
}

function assertOneFault(result: ModuleResult, pattern: RegExp): void {
  assert.equal(result.faults.length, 1, JSON.stringify(result));
  assert.match(result.faults[0]!, pattern);
}

describe('a spec passes', () => {
  test('when its assertions hold, whatever its style: plain, async, done', async () => {
    const result = await run(`
      it('plain', 0, () => { expect(new Thing().name).assertEqual('core'); });
      it('async', 0, async () => { await Promise.resolve(); expect([1]).assertDeepEquals([1]); });
      it('done', 0, (done: Function) => { setTimeout(() => { expect(1).assertLess(2); done(); }, 1); });
      it('throws', 0, () => { expect(() => { throw new Error('x'); }).assertThrowError('x'); });`);
    assert.deepEqual(result.faults, []);
    assert.deepEqual(
      result.specs.map((spec) => [spec.name, spec.passed]),
      ['plain', 'async', 'done', 'throws'].map((name) => [`suite > ${name}`, true]),
    );
  });
});

test('a decorated class behaves as on a page: its computed property follows a write in the next flush only', async () => {
  writeSpecs(`it('x', 0, async () => {
    const counter = new Counter();
    await Promise.resolve();
    expect(counter.twice).assertEqual(2);
    counter.count = 5;
    expect(counter.twice).assertEqual(2);
    await Promise.resolve();
    expect(counter.twice).assertEqual(10);
  });`);
  const counter = `@ObservedV2
class Counter {
  @Trace public count: number = 1;

  @Computed get twice(): number {
    return this.count * 2;
  }
}
`;
  fixture.edit(`${CORE_TESTS}/Own.test.ets`, 'export default', `${counter}\nexport default`);
  const project = loadProject(fixture.root);
  const result = await runModule(project, project.module('core'), DEFAULT_RUN_OPTIONS);
  assert.deepEqual([result.faults, onlySpec(result).reason], [[], '']);
});

describe('a spec fails', () => {
  const cases: readonly { why: string; body: string; reason: RegExp }[] = [
    { why: 'on a wrong assertion', body: 'expect(1).assertEqual(2);', reason: /^expect 1 equals 2/ },
    { why: 'on an error', body: `expect(1).assertEqual(1); throw new TypeError('gone');`, reason: /^TypeError: gone/ },
    { why: 'without any assertion', body: `new Thing();`, reason: /^it made no assertion$/ },
    {
      why: 'on an assertion that the code caught',
      body: 'try { expect(1).assertEqual(2); } catch (e) { }',
      reason: /^expect 1/,
    },
  ];
  let failures: ModuleResult;
  before(async () => {
    failures = await run(cases.map(({ why, body }) => `it('${why}', 0, () => { ${body} });`).join('\n'));
  });
  for (const { why, reason } of cases) {
    test(why, () => {
      const spec = failures.specs.find((one) => one.name === `suite > ${why}`);
      assert.equal(spec?.passed, false, JSON.stringify(failures));
      assert.match(spec.reason, reason);
    });
  }

  test('on a timeout, and the specs after it still run', async () => {
    const result = await run(
      `
      it('hangs', 0, async () => { await new Promise<void>(() => { }); });
      it('next', 0, () => { expect(1).assertEqual(1); });`,
      { specTimeoutMs: 300 },
    );
    assert.deepEqual(
      result.specs.map((spec) => spec.passed),
      [false, true],
    );
    assert.match(result.specs[0]!.reason, /execute timeout 300ms/);
  });

  test('on a rejection with undefined, which hypium counts as passed', async () => {
    const spec = onlySpec(
      await run(`it('x', 0, async () => { expect(1).assertEqual(1); await Promise.reject(undefined); });`),
    );
    assert.equal(spec.passed, false);
  });

  test('on an error thrown after done(), which hypium drops', async () => {
    const spec = onlySpec(
      await run(`it('x', 0, (done: Function) => { expect(1).assertEqual(1); done(); throw new Error('late'); });`),
    );
    assert.match(spec.reason, /^late/);
  });

  test('on an error of beforeEach, and of beforeAll', async () => {
    const each = await run(
      `beforeEach(() => { throw new Error('each'); });\nit('x', 0, () => { expect(1).assertEqual(1); });`,
    );
    assert.match(onlySpec(each).reason, /^each/);
    const all = await run(
      `beforeAll(() => { throw new Error('all'); });\nit('x', 0, () => { expect(1).assertEqual(1); });`,
    );
    assert.match(onlySpec(all).reason, /^all/);
  });

  test('with the line of the .ets file in its stack and with what it printed', async () => {
    const spec = onlySpec(await run(`it('x', 0, () => {\n console.info('seen', 7);\n expect(1).assertEqual(2);\n});`));
    const line =
      fixture
        .read(`${CORE_TESTS}/Own.test.ets`)
        .split('\n')
        .findIndex((text) => text.includes('assertEqual')) + 1;
    assert.match(spec.reason, new RegExp(`\\(?${CORE_TESTS}/Own\\.test\\.ets:${line}:`));
    assert.deepEqual(spec.output, ['seen 7']);
  });

  test('without the narration of the matchers in its output', async () => {
    const spec = onlySpec(await run(`it('x', 0, () => { expect([1, 2]).assertDeepEquals([1, 3]); });`));
    assert.deepEqual(spec.output, []);
  });
});

describe('a run has a fault of its own', () => {
  const passing = `it('x', 0, () => { expect(1).assertEqual(1); });`;

  test('for an afterAll that throws', async () => {
    assertOneFault(
      await run(`${passing}\nafterAll(() => { throw new Error('after'); });`),
      /hook of suite 'suite' failed\nafter/,
    );
  });

  test('for a rejection that nothing awaits', async () => {
    const result = await run(`it('x', 0, () => { expect(1).assertEqual(1); Promise.reject(new Error('floating')); });`);
    assertOneFault(result, /nothing awaited it.*\nfloating/);
  });

  test('for a timer that is left over, and names its suite, its spec and its line', async () => {
    const result = await run(`
      describe('first', () => {
        it('leaves', 0, () => { setTimeout(() => undefined, ${NEVER_MS}); expect(1).assertEqual(1); });
      });
      describe('second', () => { it('ends', 0, () => { expect(1).assertEqual(1); }); });`);
    assertOneFault(result, /^suite 'first' left something over: 1 Timeout of 'leaves' at \S*Own\.test\.ets:\d+$/);
  });

  test('for a listener of the process that is left over, and not for what a suite takes back', async () => {
    const result = await run(`
      describe('tidy', () => {
        const keep: () => void = () => undefined;
        beforeAll(() => { process.on('SIGHUP', keep); });
        describe('inner', () => { it('uses it', 0, () => { expect(1).assertEqual(1); }); });
        it('uses it too', 0, () => { expect(1).assertEqual(1); });
        afterAll(() => { process.off('SIGHUP', keep); });
      });
      describe('untidy', () => {
        it('leaves', 0, () => { process.on('SIGHUP', () => undefined); expect(1).assertEqual(1); });
      });`);
    assertOneFault(result, /^suite 'untidy' left something over: 1 listener for SIGHUP$/);
  });

  test('for an error in a timer, and names the spec that ran', async () => {
    const result = await run(`
      it('x', 0, async () => {
        setTimeout(() => { throw new Error('tick'); }, 1);
        await new Promise<void>((resolve) => { setTimeout(resolve, 20); });
        expect(1).assertEqual(1);
      });`);
    assertOneFault(result, /while 'x' ran\ntick/);
  });

  test('for an empty suite', async () => {
    assertOneFault(
      await run(`describe('full', () => { ${passing} });\ndescribe('void', () => { });`),
      /suite 'void' is empty/,
    );
  });

  test('for a describe that throws', async () => {
    assertOneFault(
      await run(`describe('broken', () => { throw new Error('early'); });`),
      /could not be declared\nearly/,
    );
  });

  test('for a List.test.ets that calls nothing', async () => {
    writeSpecs(passing);
    fixture.edit(`${CORE_TESTS}/List.test.ets`, '  ownTest();', '');
    const project = loadProject(fixture.root);
    assertOneFault(await runModule(project, project.module('core'), DEFAULT_RUN_OPTIONS), /declares no suite/);
  });

  test('for a test file that List.test.ets does not import', async () => {
    fixture.write(`${CORE_TESTS}/Lost.test.ets`, 'export default function lostTest(): void {\n}\n');
    const result = await run(passing);
    fixture.remove(`${CORE_TESTS}/Lost.test.ets`);
    assertOneFault(result, /Lost\.test\.ets:1 is not in List\.test\.ets/);
    assert.equal(onlySpec(result).passed, true);
  });

  test('for a syntax error, with file and line', async () => {
    assertOneFault(await run(`it('x', 0, () => { expect(1).assertEqual(1; });`), /Own\.test\.ets:\d+:\d+ /);
  });

  test('for an import that leads nowhere, with file and line', async () => {
    writeSpecs(passing);
    fixture.edit(`${CORE_TESTS}/Own.test.ets`, '../../Index', '../../Nowhere');
    fixture.edit(`${CORE_TESTS}/Own.test.ets`, 'describe(', 'new Thing();\ndescribe(');
    const project = loadProject(fixture.root);
    const result = await runModule(project, project.module('core'), DEFAULT_RUN_OPTIONS);
    assertOneFault(result, /Own\.test\.ets:2:\d+ '\.\.\/\.\.\/Nowhere' leads to no file/);
  });

  test('for a loop that never ends', async () => {
    const result = await run(`it('x', 0, () => { while (true) { } });`, { moduleTimeoutMs: 1_500 });
    assertOneFault(result, /no end after 1500 ms/);
  });
});

describe('the command', () => {
  async function runCommand(...args: readonly string[]): Promise<{ code: number; lines: string[] }> {
    const lines: string[] = [];
    const code = await runTestCommand(args, fixture.root, (line) => lines.push(line));
    return { code, lines };
  }

  test('ends with the counts, faults among the failed, and fails when one failed', () => {
    writeSpecs(`
      it('good', 0, () => { expect(1).assertEqual(1); });
      it('bad', 0, () => { expect(1).assertEqual(2); });
      afterAll(() => { throw new Error('after'); });`);
    const cli = path.join(HOST_DIR, 'src/cli/test-ets.ts');
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', cli, '--root', fixture.root], {
      cwd: HOST_DIR,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout.trim().split('\n').at(-1)], [1, '1 passed, 2 failed']);
  });

  test('passes when all passed', async () => {
    writeSpecs(`it('good', 0, () => { expect(1).assertEqual(1); });`);
    const { code, lines } = await runCommand();
    assert.deepEqual([code, lines.at(-1)], [0, '1 passed, 0 failed']);
  });

  test('fails when nothing ran', async () => {
    writeSpecs(`it('good', 0, () => { expect(1).assertEqual(1); });`);
    const { code, lines } = await runCommand('--suite', 'no such suite');
    assert.deepEqual([code, lines.at(-1)], [1, '0 passed, 0 failed']);
  });

  test('runs one module, and in it the suites that the filter names', async () => {
    writeSpecs(`it('ui', 0, () => { expect(1).assertEqual(1); });`, 'common/ui/src/test');
    writeSpecs(`
      describe('left', () => { it('a', 0, () => { expect(1).assertEqual(1); }); });
      describe('right', () => { it('b', 0, () => { expect(1).assertEqual(1); }); });`);
    const closing = async (...args: readonly string[]): Promise<string | undefined> =>
      (await runCommand(...args)).lines.at(-1);
    assert.equal(await closing(), '3 passed, 0 failed');
    assert.equal(await closing('--module', 'core'), '2 passed, 0 failed');
    assert.equal(await closing('--module', 'core', '--suite', 'left'), '1 passed, 0 failed');
  });
});
