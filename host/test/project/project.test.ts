import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ProjectFileError } from '../../src/project/json5-file.js';
import { loadProject, moduleOf, resolveImport, type Project } from '../../src/project/project.js';
import { createFixtureProject, type FixtureProject } from './fixture-project.js';

describe('a project', () => {
  let fixture: FixtureProject;
  let project: Project;
  let page: string;
  before(() => {
    fixture = createFixtureProject();
    project = loadProject(fixture.root);
    page = fixture.path('features/chat/src/main/ets/Page.ets');
  });
  after(() => fixture.dispose());

  test('has the modules of build-profile.json5 in their order, each with type, package name and main', () => {
    assert.deepEqual(
      project.modules.map((module) => [module.name, module.type, module.ohName, module.main]),
      [
        ['entry', 'entry', 'entry', ''],
        ['core', 'har', '@parley/core', fixture.path('common/core/Index.ets')],
        ['platform', 'har', '@parley/platform', fixture.path('common/platform/Index.ets')],
        ['ui', 'har', '@parley/ui', fixture.path('common/ui/Index.ets')],
        ['chat', 'har', '@parley/chat', fixture.path('features/chat/Index.ets')],
        ['typing', 'har', '@parley/typing', fixture.path('features/typing/Index.ets')],
      ],
    );
    assert.equal(project.app['bundleName'], 'org.fixture.app');
  });

  test('names the modules it has when asked for another', () => {
    assert.throws(() => project.module('video'), /no module 'video': build-profile.json5 has entry, core,/);
  });

  test('knows which module a file belongs to', () => {
    assert.equal(moduleOf(project, page)?.name, 'chat');
    assert.equal(moduleOf(project, fixture.path('server/src/main.ts')), undefined);
  });

  test('resolves relative imports to .ets before .ts', () => {
    const core = fixture.path('common/core/src/main/ets/Other.ets');
    assert.equal(resolveImport(project, core, './Thing'), fixture.path('common/core/src/main/ets/Thing.ets'));
    assert.equal(resolveImport(project, core, './wire/Frame'), fixture.path('common/core/src/main/ets/wire/Frame.ts'));
  });

  test('resolves a package of the project to its main', () => {
    assert.equal(resolveImport(project, page, '@parley/core'), fixture.path('common/core/Index.ets'));
  });

  test('tells kits, system modules and packages apart', () => {
    assert.deepEqual(resolveImport(project, page, '@kit.ArkUI'), { kit: '@kit.ArkUI' });
    assert.deepEqual(resolveImport(project, page, '@ohos.net.http'), { ohos: '@ohos.net.http' });
    assert.deepEqual(resolveImport(project, page, '@ohos/axios'), { package: '@ohos/axios' });
  });

  test('resolves nothing for a missing file, a folder, a deep import or a package without main', () => {
    const core = fixture.path('common/core/src/main/ets/Other.ets');
    assert.equal(resolveImport(project, core, './Nothing'), null);
    assert.equal(resolveImport(project, core, './wire'), null);
    assert.equal(resolveImport(project, page, 'entry'), null);
    assert.deepEqual(resolveImport(project, page, '@parley/core/src/main/ets/Thing'), {
      package: '@parley/core/src/main/ets/Thing',
    });
  });

  test('that cannot be read says which file and line is wrong', () => {
    const own = createFixtureProject();
    try {
      own.write('common/ui/oh-package.json5', '{\n  name: 1 2\n}\n');
      assert.throws(
        () => loadProject(own.root),
        (error) =>
          error instanceof ProjectFileError &&
          error.file === own.path('common/ui/oh-package.json5') &&
          error.line === 2,
      );
      own.remove('common/ui/oh-package.json5');
      assert.throws(() => loadProject(own.root), /common\/ui\/oh-package.json5:1 is missing/);
    } finally {
      own.dispose();
    }
  });
});
