import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { PAGE, page, writeProject } from './fixture-project.js';

const CLI = fileURLToPath(new URL('../../src/cli/preview.ts', import.meta.url));

function preview(root: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), CLI, '--out', 'out'], {
    cwd: root,
    encoding: 'utf8',
  });
}

test('the preview command prints faults with their place and ends with 1', () => {
  const project = writeProject({ [PAGE]: page('', 'Column() {\n  Colum()\n}') });
  const { stderr, status } = preview(project.root);
  project.remove();
  assert.deepEqual([stderr.trim(), status], [`${PAGE}:7:3 unknown component 'Colum'`, 1]);
});

test('the preview command ends with 0 when the app is built', () => {
  const project = writeProject();
  const { stdout, status } = preview(project.root);
  project.remove();
  assert.match(stdout, /^Built out in \d+ ms/);
  assert.equal(status, 0);
});
