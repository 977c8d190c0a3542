// A reporter for node:test: one line a failure with its error, and `N passed, N failed` at the end.
// Counts single tests, not suites. A file without tests counts as failed, and so does a skipped test, except outside CI (no
// variable CI) where it says what the machine lacks.
import { relative } from 'node:path';

function textOf(error) {
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause?.message ?? cause)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** Of a bundled test file: see `bundle-tests`. */
function sourceOf(file) {
  return file.replace(/^build\/node-tests\/[^/]+\/(.*)\.mjs$/, '$1.ts');
}

const isCi = (process.env.CI ?? '') !== '';

export default async function* countReporter(source) {
  let passed = 0;
  let failed = 0;
  const perFile = new Map();
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') {
      if (event.type === 'test:stderr' || event.type === 'test:stdout') {
        yield event.data.message;
      }
      continue;
    }
    const { name, details, nesting, file = '' } = event.data;
    const where = file === '' ? '' : sourceOf(relative(process.cwd(), file));
    const isFile = nesting === 0 && file !== '' && [file, relative(process.cwd(), file)].includes(name);
    if (details.type === 'suite') {
      continue;
    }
    if (isFile && event.type === 'test:pass') {
      if ((perFile.get(file) ?? 0) === 0) {
        failed += 1;
        yield `FAILED ${where}: holds no test\n`;
      }
      continue;
    }
    perFile.set(file, (perFile.get(file) ?? 0) + 1);
    const isSkipped = event.data.skip !== undefined || event.data.todo !== undefined;
    if (!isCi && typeof event.data.skip === 'string') {
      yield `skipped ${where}: ${event.data.skip}\n`;
      continue;
    }
    if (event.type === 'test:pass' && !isSkipped) {
      passed += 1;
      if (details.duration_ms > 3000) {
        yield `  slow: ${name} (${Math.round(details.duration_ms)} ms)\n`;
      }
    } else {
      failed += 1;
      yield `FAILED ${where}: ${name}${isSkipped ? ' (skipped)' : ''}\n${textOf(details.error ?? event.data.skip)}\n`;
    }
  }
  yield `${passed} passed, ${failed} failed\n`;
}
