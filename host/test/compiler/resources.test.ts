import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { buildPreview, PreviewBuilder } from '../../src/compiler/preview-build.js';
import { readResources } from '../../src/compiler/resources.js';
import { servePreview } from '../../src/compiler/preview-server.js';
import { loadProject } from '../../src/project/project.js';
import { writeFileSync } from 'node:fs';
import { FIXTURE_HOST, PAGE, page, writeProject } from './fixture-project.js';

const strings = (...values: [string, string][]): string =>
  JSON.stringify({ string: values.map(([name, value]) => ({ name, value })) });

test('of one name AppScope wins over the HAP and the HAP over a HAR, qualifier by qualifier', () => {
  const project = writeProject({
    'lib/src/main/resources/base/element/string.json': strings(['app_name', 'har'], ['a', 'har'], ['b', 'har']),
    'lib/src/main/resources/zh_CN/element/string.json': strings(['a', 'har zh']),
    'entry/src/main/resources/base/element/string.json': strings(['app_name', 'hap'], ['a', 'hap']),
  });
  const { tables, faults } = readResources(loadProject(project.root));
  project.remove();
  assert.deepEqual(faults, []);
  assert.deepEqual(tables.string, {
    app_name: { base: 'Fixture' },
    a: { base: 'hap', zh_CN: 'har zh' },
    b: { base: 'har' },
  });
});

test('the output folder holds page, script, map, style, pictures and raw files', async () => {
  const project = writeProject({
    'entry/src/main/resources/base/media/dot.png': 'png',
    'entry/src/main/resources/base/media/line.svg': '<svg/>',
    'entry/src/main/resources/rawfile/a/b.json': '{}',
    [PAGE]: page('', `Text($r('app.media.dot'))`),
  });
  const out = path.join(project.root, 'out');
  await buildPreview(project.root, out, FIXTURE_HOST);
  for (const name of [
    'index.html',
    'app.js',
    'app.js.map',
    'app.css',
    'media/entry/base/dot.png',
    'rawfile/a/b.json',
  ]) {
    assert.ok(existsSync(path.join(out, name)), name);
  }
  assert.equal(existsSync(path.join(out, 'media/entry/base/line.svg')), false, 'an SVG is part of the script');
  assert.match(readFileSync(path.join(out, 'app.js'), 'utf8'), /"svg": "<svg\/>"/);
  assert.match(
    readFileSync(path.join(out, 'index.html'), 'utf8'),
    /<html lang="en" dir="ltr">[^]*<title>Fixture<\/title>/,
  );
  project.remove();
});

test('a builder sees edits, recovers from faults, and the server shows them meanwhile', async () => {
  const project = writeProject();
  const out = path.join(project.root, 'out');
  const builder = await PreviewBuilder.create(project.root, out, FIXTURE_HOST);
  await builder.build();
  writeFileSync(path.join(project.root, PAGE), page('', 'Colum()'));
  await assert.rejects(builder.build(), /unknown component 'Colum'/);
  writeFileSync(path.join(project.root, PAGE), page('', `Text('edited')`));
  await builder.build();
  assert.match(readFileSync(path.join(out, 'app.js'), 'utf8'), /"edited"/);
  await builder.dispose();

  let faults = 'a.ets:1:1 <wrong>';
  const server = await servePreview(out, 0, () => faults);
  const get = (name: string): Promise<Response> => fetch(`http://localhost:${server.port}${name}`);
  const shown = await get('/');
  assert.equal(shown.status, 500);
  assert.match(await shown.text(), /a\.ets:1:1 &lt;wrong&gt;/);
  faults = '';
  assert.match(await (await get('/')).text(), /<div id="app">/);
  assert.equal((await get('/%2e%2e/build-profile.json5')).status, 404);
  await server.close();
  project.remove();
});
