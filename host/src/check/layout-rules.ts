import path from 'node:path';
import ts from 'ohos-typescript';
import { finding, type Finding } from './finding.js';

const MAX_COLUMNS = 120;
const MAX_LINES = 400;

/** What a formatter would do for .ets, which prettier cannot read. */
export function layoutFindings(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  const report = (line: number, column: number, rule: string, message: string, mend: string): void => {
    findings.push(finding(file, { line, column }, `layout/${rule}`, message, mend));
  };
  const lines = text.split('\n');
  const templateLines = linesInsideTemplates(file, text);
  lines.forEach((line, index) => {
    const number = index + 1;
    if (line.length > MAX_COLUMNS) {
      report(number, MAX_COLUMNS + 1, 'columns', `${line.length} columns, at most ${MAX_COLUMNS}`, 'Break the line.');
    }
    if (templateLines.has(number)) {
      return;
    }
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (line.includes('\t')) {
      report(number, line.indexOf('\t') + 1, 'tabs', 'a tab', 'Indent with two spaces.');
    } else if (indent.length % 2 === 1 && !line.startsWith('*', indent.length)) {
      report(number, 1, 'indent', `indented by ${indent.length} spaces`, 'Indent with two spaces per level.');
    }
    if (/[ \t\r]$/.test(line)) {
      report(number, line.trimEnd().length + 1, 'trailing-space', 'space at the end of the line', 'Remove it.');
    }
  });
  if (text !== '' && (!text.endsWith('\n') || text.endsWith('\n\n'))) {
    report(lines.length, 1, 'final-newline', 'the file must end with exactly one newline', 'Mend the last line.');
  }
  const lineCount = lines.length - 1;
  if (lineCount > MAX_LINES) {
    report(MAX_LINES + 1, 1, 'file-size', `${lineCount} lines, at most ${MAX_LINES}`, 'Split the file by concept.');
  }
  const name = path.basename(file).replace(/(\.test)?\.(ets|ts)$/, '');
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) {
    report(1, 1, 'file-name', `'${path.basename(file)}' is not PascalCase`, 'Name it after its main export.');
  }
  return findings;
}

/** Lines whose start lies inside a template literal: their spaces are content. */
function linesInsideTemplates(file: string, text: string): Set<number> {
  const inside = new Set<number>();
  if (!text.includes('`')) {
    return inside;
  }
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2021, false, ts.ScriptKind.TS);
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      const last = source.getLineAndCharacterOfPosition(node.end).line + 1;
      for (let line = first + 1; line <= last; line++) {
        inside.add(line);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return inside;
}
