import { stringAt } from '../project/json5-file.js';
import type { Project } from '../project/project.js';
import { bestValue } from '../runtime/core/qualifiers.js';
import type { ResourceIndex } from './resources.js';

/** The page around the app. Language and direction are set again by boot() when the locale is known. */
export function previewHtml(project: Project, resources: ResourceIndex): string {
  return [
    '<!doctype html>',
    '<html lang="en" dir="ltr">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">',
    `<title>${escapeHtml(appLabel(project, resources))}</title>`,
    '<link rel="icon" href="data:,">',
    '<link rel="stylesheet" href="app.css">',
    '<script type="module" src="app.js"></script>',
    '</head>',
    '<body><div id="app"></div></body>',
    '</html>',
    '',
  ].join('\n');
}

/** A page that shows what keeps the build from passing. */
export function faultHtml(text: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><title>Build failed</title></head>',
    '<body style="margin:0;padding:24px;background:#1e1e1e;color:#ff8a80;font:14px/1.6 monospace">',
    `<h1 style="font-size:16px">The build failed</h1><pre role="alert" style="white-space:pre-wrap">${escapeHtml(text)}</pre>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function appLabel(project: Project, resources: ResourceIndex): string {
  const label = stringAt(project.app, 'label');
  const name = label.replace(/^\$string:/, '');
  const values = resources.tables.string[name];
  const value =
    values === undefined ? undefined : bestValue(values, { locale: 'en-US', colorMode: 'light', device: 'phone' });
  return value ?? label;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
