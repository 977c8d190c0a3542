import ts from 'ohos-typescript';
import type { CheckedProgram } from './program.js';
import { finding, type Finding } from './finding.js';

/** Reported by the front end only because this project asks for it; the device tool chain lets them pass. */
const STRICTER_CODES = new Set([6133, 6192, 6196, 6198, 6199, 6205]);

/** What the compiler of the device tool chain says: syntax, then types. */
export function typeFindings(checked: CheckedProgram): Finding[] {
  const diagnostics = checked.sources.flatMap((file) => [
    ...checked.program.getSyntacticDiagnostics(file),
    ...checked.builder.getSemanticDiagnostics(file),
  ]);
  return diagnostics
    .filter((diagnostic) => !isEntryPage(diagnostic))
    .map((diagnostic) => {
      const stricter = STRICTER_CODES.has(diagnostic.code);
      return fromDiagnostic(diagnostic, stricter ? 'strict/unused' : `types/TS${diagnostic.code}`);
    });
}

/** A page is used by its name in main_pages.json, which the compiler does not know. */
function isEntryPage(diagnostic: ts.Diagnostic): boolean {
  return (
    STRICTER_CODES.has(diagnostic.code) &&
    (diagnostic.file?.statements ?? []).some(
      (statement) =>
        ts.isStructDeclaration(statement) &&
        statement.name?.getStart() === diagnostic.start &&
        (ts.getAllDecorators(statement) ?? []).some((decorator) => decorator.expression.getText() === 'Entry'),
    )
  );
}

/**
 * What the ArkTS linter inside the compiler says; a warning there is a finding here. It is called once for the whole
 * program: called per file, it checks the whole program each time.
 */
export function linterFindings(checked: CheckedProgram): Finding[] {
  const own = new Set(checked.sources.map((file) => file.fileName));
  return ts.ArkTSLinter_1_1.runArkTSLinter(checked.builder, undefined, undefined, 'ArkTS_1_1')
    .filter((diagnostic) => diagnostic.file !== undefined && own.has(diagnostic.file.fileName))
    .map((diagnostic) => {
      const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
      const name = /\((arkts-[\w-]+)\)/.exec(text)?.[1] ?? `TS${diagnostic.code}`;
      return fromDiagnostic(diagnostic, `arkts/${name.replace('arkts-', '')}`);
    });
}

function fromDiagnostic(diagnostic: ts.Diagnostic, rule: string): Finding {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ').replace(/\s*\(arkts-[\w-]+\)/, '');
  const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0) ?? { line: 0, character: 0 };
  return finding(diagnostic.file?.fileName ?? '', { line: at.line + 1, column: at.character + 1 }, rule, message);
}
