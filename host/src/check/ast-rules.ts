import path from 'node:path';
import ts from 'ohos-typescript';
import { moduleOf, type Project } from '../project/project.js';
import { finding, type Finding } from './finding.js';
import type { CheckedProgram } from './program.js';

const V1_DECORATORS = new Set([
  'Component',
  'State',
  'Prop',
  'Link',
  'ObjectLink',
  'Observed',
  'Track',
  'Provide',
  'Consume',
  'Watch',
  'Reusable',
  'StorageLink',
  'StorageProp',
  'LocalStorageLink',
  'LocalStorageProp',
  'CustomDialog',
]);
const V1_STORES = new Set(['AppStorage', 'LocalStorage', 'PersistentStorage', 'Environment']);

/** Rules that read syntax trees: V2 state management only, a core without ArkUI, braces, quotes. */
export function syntaxFindings(project: Project, checked: CheckedProgram): Finding[] {
  return checked.sources.flatMap((source) => {
    const module = moduleOf(project, source.fileName);
    const isCore = module?.name === 'core' && !source.fileName.includes(`${path.sep}ohosTest${path.sep}`);
    return [...v2Findings(source), ...(isCore ? pureFindings(source) : []), ...braceFindings(source)];
  });
}

function v2Findings(source: ts.SourceFile): Finding[] {
  const findings: Finding[] = [];
  walk(source, (node) => {
    if (ts.isDecorator(node)) {
      const name = decoratorName(node);
      if (V1_DECORATORS.has(name)) {
        findings.push(
          at(source, node, 'state/v2-only', `'@${name}' is state management V1`, 'Use @ComponentV2 and its family.'),
        );
      }
    } else if (ts.isIdentifier(node) && V1_STORES.has(node.text) && ts.isPropertyAccessExpression(node.parent)) {
      if (node.parent.expression === node) {
        findings.push(
          at(source, node, 'state/v2-only', `'${node.text}' is state management V1`, 'Use the object graph.'),
        );
      }
    }
  });
  return findings;
}

/** core runs anywhere: also where there is no ArkUI. */
function pureFindings(source: ts.SourceFile): Finding[] {
  const findings: Finding[] = [];
  walk(source, (node) => {
    if (ts.isStructDeclaration(node)) {
      findings.push(at(source, node.name ?? node, 'arrows/pure-core', 'core holds no struct', 'Move it to common/ui.'));
    } else if (ts.isDecorator(node)) {
      findings.push(
        at(
          source,
          node,
          'arrows/pure-core',
          `core holds no decorator, '@${decoratorName(node)}' needs ArkUI`,
          'Move it to common/ui.',
        ),
      );
    }
  });
  return findings;
}

function braceFindings(source: ts.SourceFile): Finding[] {
  const findings: Finding[] = [];
  const need = (statement: ts.Statement | undefined, keyword: string): void => {
    if (statement !== undefined && !ts.isBlock(statement)) {
      findings.push(
        at(source, statement, 'layout/braces', `'${keyword}' without braces`, 'Put the statement in braces.'),
      );
    }
  };
  walk(source, (node) => {
    if (ts.isIfStatement(node)) {
      need(node.thenStatement, 'if');
      if (node.elseStatement !== undefined && !ts.isIfStatement(node.elseStatement)) {
        need(node.elseStatement, 'else');
      }
    } else if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node)) {
      need(node.statement, 'for');
    } else if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
      need(node.statement, 'while');
    } else if (ts.isStringLiteral(node) && node.getText(source).startsWith('"') && !node.text.includes("'")) {
      findings.push(at(source, node, 'layout/quotes', 'string in double quotes', 'Use single quotes.'));
    }
  });
  return findings;
}

/** Wire files are shared with the server, where strictness is TypeScript's: nothing untyped may leave them. */
export function wireFindings(project: Project, checked: CheckedProgram): Finding[] {
  const wireDir = path.join(project.root, 'common/core/src/main/ets/wire') + path.sep;
  const checker = checked.program.getTypeChecker();
  const findings: Finding[] = [];
  for (const source of checked.sources.filter((file) => file.fileName.startsWith(wireDir))) {
    for (const statement of source.statements) {
      const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
      if (modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) {
        exposedNodes(statement, (node) => {
          const untyped = isUntypedKeyword(node) || isInferredUntyped(checker, node);
          if (untyped) {
            findings.push(
              at(source, node, 'wire/typed', `'any' or 'unknown' leaves a wire file`, 'Give it a type of its own.'),
            );
          }
        });
      }
    }
  }
  return findings;
}

function isUntypedKeyword(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.AnyKeyword || node.kind === ts.SyntaxKind.UnknownKeyword;
}

function isInferredUntyped(checker: ts.TypeChecker, node: ts.Node): boolean {
  const untyped = ts.TypeFlags.Any | ts.TypeFlags.Unknown;
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isParameter(node)) {
    return node.type === undefined && (checker.getTypeAtLocation(node.name).flags & untyped) !== 0;
  }
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) {
    const signature = node.type === undefined ? checker.getSignatureFromDeclaration(node) : undefined;
    return signature !== undefined && (signature.getReturnType().flags & untyped) !== 0;
  }
  return false;
}

/** What an importer sees of a declaration: not bodies, not initialisers, not private members. */
function exposedNodes(node: ts.Node, visit: (node: ts.Node) => void): void {
  const isPrivate =
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.PrivateKeyword);
  if (isPrivate || ts.isBlock(node) || isInitialiser(node)) {
    return;
  }
  visit(node);
  ts.forEachChild(node, (child) => exposedNodes(child, visit));
}

function isInitialiser(node: ts.Node): boolean {
  const parent = node.parent;
  return (
    (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isParameter(parent)) &&
    parent.initializer === node
  );
}

function decoratorName(node: ts.Decorator): string {
  const expression = ts.isCallExpression(node.expression) ? node.expression.expression : node.expression;
  return expression.getText();
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function at(source: ts.SourceFile, node: ts.Node, rule: string, message: string, mend: string): Finding {
  const place = source.getLineAndCharacterOfPosition(node.getStart(source));
  return finding(source.fileName, { line: place.line + 1, column: place.character + 1 }, rule, message, mend);
}
