import ts from 'ohos-typescript';
import { SDK_DIR } from '../project/sdk.js';
import { finding, type Finding } from './finding.js';
import type { CheckedProgram } from './program.js';

/** 5.0.0(12), the compatibleSdkVersion of the project. */
const API_LEVEL = 12;

/**
 * The front end accepts whatever the declarations hold, also what a device of API 12 does not have. Each name used is
 * therefore traced to its declaration, whose `@since` tags say when it came. A name may have several documentation
 * blocks, one per change of its contract: the lowest is when it came into being.
 */
export function apiLevelFindings(checked: CheckedProgram): Finding[] {
  const checker = checked.program.getTypeChecker();
  const levels = new Map<ts.Declaration, number>();
  const findings: Finding[] = [];

  const levelOf = (declaration: ts.Declaration): number => {
    let level = levels.get(declaration);
    if (level === undefined) {
      level = introducedAt(declaration);
      levels.set(declaration, level);
    }
    return level;
  };
  const report = (node: ts.Node, name: string, level: number): void => {
    const file = node.getSourceFile();
    const at = file.getLineAndCharacterOfPosition(node.getStart());
    findings.push(
      finding(
        file.fileName,
        { line: at.line + 1, column: at.character + 1 },
        'api/level',
        `'${name}' exists since API ${level}, the project runs on API ${API_LEVEL}`,
        'Use what API 12 offers; docs of the SDK name the older way.',
      ),
    );
  };

  const checkSymbol = (node: ts.Node, symbol: ts.Symbol | undefined): void => {
    const target =
      symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
    const declarations = target?.declarations ?? [];
    if (declarations.length === 0 || !declarations.every(isSdk)) {
      return;
    }
    const level = Math.min(...declarations.map(levelOf));
    if (level > API_LEVEL) {
      report(node, node.getText(), level);
    }
  };

  /** A later overload of an old name: only the signature that was chosen knows. */
  const checkCall = (call: ts.CallExpression | ts.NewExpression): void => {
    const declaration = checker.getResolvedSignature(call)?.declaration;
    if (declaration === undefined || ts.isJSDocSignature(declaration) || !isSdk(declaration)) {
      return;
    }
    const symbol = checker.getSymbolAtLocation(nameOf(call.expression));
    const oldest = Math.min(...(symbol?.declarations ?? [declaration]).map(levelOf));
    const level = levelOf(declaration);
    if (level > API_LEVEL && oldest <= API_LEVEL) {
      report(nameOf(call.expression), `${nameOf(call.expression).getText()}(${parameterNames(declaration)})`, level);
    }
  };

  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const parent = node.parent;
      const isKey =
        (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) && parent.name === node;
      if (isKey) {
        const type = checker.getContextualType(parent.parent);
        const member = type === undefined ? undefined : checker.getNonNullableType(type).getProperty(node.text);
        checkSymbol(node, member);
      } else {
        checkSymbol(node, checker.getSymbolAtLocation(node));
      }
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      checkCall(node);
    }
    ts.forEachChild(node, visit);
  };
  checked.sources.forEach(visit);
  return findings;
}

function isSdk(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.startsWith(SDK_DIR);
}

/** 0 where no documentation says so: such declarations are the language's or as old as their file. */
function introducedAt(declaration: ts.Declaration): number {
  for (let node: ts.Node | undefined = declaration; node !== undefined; node = node.parent) {
    const blocks = (node as ts.Node & { jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? [];
    const levels = blocks.flatMap((block) => sinceTags(block));
    if (levels.length > 0) {
      return Math.min(...levels);
    }
  }
  return 0;
}

function sinceTags(block: ts.JSDoc): number[] {
  return (block.tags ?? [])
    .filter((tag) => tag.tagName.text === 'since')
    .map((tag) => Number.parseInt(ts.getTextOfJSDocComment(tag.comment) ?? '', 10))
    .filter((level) => !Number.isNaN(level));
}

function nameOf(expression: ts.Expression): ts.Node {
  return ts.isPropertyAccessExpression(expression) ? expression.name : expression;
}

function parameterNames(declaration: ts.SignatureDeclaration): string {
  return declaration.parameters.map((parameter) => parameter.name.getText()).join(', ');
}
