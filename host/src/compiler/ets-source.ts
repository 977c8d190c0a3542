import ts from 'ohos-typescript';
import { etsOptions } from '../project/sdk.js';
import type { Fault } from './fault.js';

export interface EtsSource {
  readonly text: string;
  /** Absolute. */
  readonly path: string;
  /** Path from the project's root, for messages and source maps. */
  readonly file: string;
  readonly tree: ts.SourceFile;
}

export function parseEts(path: string, file: string, text: string): EtsSource {
  const options: ts.CompilerOptions = { ets: etsOptions() };
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2021, true, ts.ScriptKind.ETS, options);
  return { text, path, file, tree };
}

/** What the parser did not like. */
export function syntaxFaults(source: EtsSource): Fault[] {
  const { parseDiagnostics } = source.tree as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  return parseDiagnostics.map((diagnostic) =>
    faultAt(source, diagnostic.start, ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')),
  );
}

export function faultAt(source: EtsSource, position: number, text: string): Fault {
  const { line, character } = source.tree.getLineAndCharacterOfPosition(position);
  return { file: source.file, line: line + 1, column: character + 1, text };
}

/** The source text's own start of a node: without the comments and blanks in front. */
export function startOf(node: ts.Node, tree: ts.SourceFile): number {
  return node.pos < 0 ? 0 : node.getStart(tree);
}

/** Names of decorators, with or without arguments. */
export function decoratorNames(node: ts.Node): string[] {
  return decoratorsOf(node).map((decorator) => {
    const expression = ts.isCallExpression(decorator.expression)
      ? decorator.expression.expression
      : decorator.expression;
    return ts.isIdentifier(expression) ? expression.text : '';
  });
}

/** On a function the front end keeps them in a place of its own, since TypeScript has none there. */
export function decoratorsOf(node: ts.Node): ts.Decorator[] {
  const places = node as unknown as { modifiers?: readonly ts.Node[]; illegalDecorators?: readonly ts.Node[] };
  const all = new Set([...(places.modifiers ?? []), ...(places.illegalDecorators ?? [])]);
  return [...all].filter((item): item is ts.Decorator => item.kind === ts.SyntaxKind.Decorator);
}
