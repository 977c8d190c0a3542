import { existsSync } from 'node:fs';
import path from 'node:path';
import { listAt, objectAt, readJson5, stringAt } from '../project/json5-file.js';
import type { Project } from '../project/project.js';
import { finding, type Finding } from './finding.js';
import { moduleFindings } from './module-rules.js';
import { missingFile } from './missing-file.js';
import { positionOf } from './text-position.js';

/** What decides whether DevEco Studio opens and builds the project, checked without it. */
export function structureFindings(project: Project): Finding[] {
  return [
    ...rootFindings(project),
    ...appFindings(project),
    ...project.modules.flatMap((m) => moduleFindings(project, m)),
  ];
}

function rootFindings(project: Project): Finding[] {
  const findings: Finding[] = [];
  const at = (name: string): string => path.join(project.root, name);
  const config = at('hvigor/hvigor-config.json5');
  const modelVersion = stringAt(readJson5(at('oh-package.json5')), 'modelVersion');
  const hvigorVersion = stringAt(readJson5(config), 'modelVersion');
  if (modelVersion === '' || hvigorVersion !== modelVersion) {
    findings.push(
      finding(
        config,
        positionOf(config, 'modelVersion:', '"modelVersion"'),
        'structure/model-version',
        `modelVersion '${hvigorVersion}' differs from '${modelVersion}' in oh-package.json5 (hvigor 00303027)`,
        'Write the same version in both.',
      ),
    );
  }
  if (/[^\x20-\x7e]/.test(project.root)) {
    findings.push(
      finding(
        project.root,
        1,
        'structure/project-path',
        'the path of the project is not ASCII (hvigor 00306002)',
        'Move it.',
      ),
    );
  }
  findings.push(...missingFile(at('hvigorfile.ts'), at('build-profile.json5'), '', '00303148'));
  return [...findings, ...buildProfileFindings(project, at('build-profile.json5'))];
}

function buildProfileFindings(project: Project, file: string): Finding[] {
  const findings: Finding[] = [];
  const profile = readJson5(file);
  for (const product of listAt(objectAt(profile, 'app'), 'products')) {
    const compatible = sdkLevel(product['compatibleSdkVersion']);
    const target = product['targetSdkVersion'] === undefined ? compatible : sdkLevel(product['targetSdkVersion']);
    const place = positionOf(file, 'targetSdkVersion', 'compatibleSdkVersion', 'compileSdkVersion');
    if (compatible === null || target === null || compatible > target) {
      findings.push(
        finding(
          file,
          place,
          'structure/sdk-version',
          `compatibleSdkVersion ${String(product['compatibleSdkVersion'])} must be a version such as 5.0.0(12) and not` +
            ` above targetSdkVersion ${String(product['targetSdkVersion'])} (hvigor 00303015)`,
          'Keep compatibleSdkVersion <= targetSdkVersion.',
        ),
      );
    }
    if (product['compileSdkVersion'] !== undefined) {
      findings.push(
        finding(
          file,
          positionOf(file, 'compileSdkVersion'),
          'structure/sdk-version',
          'compileSdkVersion is not written on HarmonyOS (hvigor 00303015)',
          'Remove it.',
        ),
      );
    }
  }
  for (const entry of listAt(profile, 'modules')) {
    const name = stringAt(entry, 'name');
    const dir = path.join(project.root, stringAt(entry, 'srcPath'));
    const module = project.modules.find((candidate) => candidate.dir === path.normalize(dir).replace(/\/$/, ''));
    if (module !== undefined && module.name !== name) {
      findings.push(
        finding(
          file,
          positionOf(file, `'${name}'`, `"${name}"`),
          'structure/module-name',
          `module '${name}' is named '${module.name}' in its module.json5 (hvigor 00303053)`,
          'Use one name.',
        ),
      );
    }
    if (
      listAt(entry, 'targets').some((target) => stringAt(target, 'name') === 'ohosTest' && 'applyToProducts' in target)
    ) {
      findings.push(
        finding(
          file,
          positionOf(file, `'ohosTest'`, `"ohosTest"`),
          'structure/ohos-test-target',
          `module '${name}' lists ohosTest under applyToProducts (hvigor 00303072)`,
          'Remove that target here; the module declares it.',
        ),
      );
    }
  }
  return findings;
}

/** 12 for `5.0.0(12)`, null for anything else. */
function sdkLevel(version: unknown): number | null {
  const match = typeof version === 'string' ? /^\d+\.\d+\.\d+\((\d+)\)$/.exec(version) : null;
  return match === null ? null : Number(match[1]);
}

function appFindings(project: Project): Finding[] {
  const file = path.join(project.root, 'AppScope/app.json5');
  const findings: Finding[] = [];
  const require = (key: string, isRight: boolean, expected: string): void => {
    if (!isRight) {
      findings.push(
        finding(
          file,
          positionOf(file, `${key}:`, `"${key}"`),
          'structure/app-json',
          `${key}: expected ${expected}`,
          'Mend it.',
        ),
      );
    }
  };
  const bundleName = stringAt(project.app, 'bundleName');
  const isBundleName = /^[A-Za-z]\w*(\.[A-Za-z0-9]\w*){2,}$/.test(bundleName) && bundleName.length >= 7;
  require('bundleName', isBundleName && bundleName.length <= 128, 'at least three dotted segments, 7 to 128 bytes');
  require('versionCode', Number.isInteger(project.app['versionCode']), 'an integer');
  require('versionName', stringAt(project.app, 'versionName') !== '', 'a version');
  require('icon', stringAt(project.app, 'icon').startsWith('$media:'), 'a $media: reference');
  require('label', stringAt(project.app, 'label').startsWith('$string:'), 'a $string: reference');
  if (!existsSync(path.join(project.root, 'code-linter.json5'))) {
    findings.push(...missingFile(path.join(project.root, 'code-linter.json5'), file, '', ''));
  }
  return findings;
}
