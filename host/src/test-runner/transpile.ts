import ts from 'ohos-typescript';
import { etsOptions } from '../project/sdk.js';

export interface SyntaxFault {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export interface Transpiled {
  /** JavaScript with an inline source map back to the .ets text. */
  readonly code: string;
  readonly faults: readonly SyntaxFault[];
}

/** Types away, nothing else: the code that runs is the code of the file. */
export function transpileEts(fileName: string, text: string): Transpiled {
  const result = ts.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2021,
      module: ts.ModuleKind.ES2020,
      experimentalDecorators: true,
      useDefineForClassFields: false,
      inlineSourceMap: true,
      ets: etsOptions(),
    },
  });
  const faults = (result.diagnostics ?? []).map((diagnostic) => {
    const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0) ?? { line: 0, character: 0 };
    return {
      line: at.line + 1,
      column: at.character,
      text: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
    };
  });
  return { code: result.outputText, faults };
}
