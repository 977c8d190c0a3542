import ts from 'ohos-typescript';

const f = ts.factory;

/** Parameter that stands for the component in the functions that set attributes. */
export const NODE = '$n';
/** Constant of every compiled file: its path, for messages. */
export const FILE = '__file';

export function id(name: string): ts.Identifier {
  return f.createIdentifier(name);
}

export function call(name: string, args: readonly ts.Expression[]): ts.CallExpression {
  return f.createCallExpression(id(name), undefined, args);
}

/** `() => { statements }` */
export function thunk(statements: readonly ts.Statement[], parameters: readonly string[] = []): ts.ArrowFunction {
  return arrow(parameters, f.createBlock(statements, true));
}

export function arrow(parameters: readonly string[], body: ts.ConciseBody): ts.ArrowFunction {
  const declarations = parameters.map((name) => f.createParameterDeclaration(undefined, undefined, name));
  return f.createArrowFunction(undefined, undefined, declarations, undefined, undefined, body);
}

export function lambda(body: ts.Expression): ts.ArrowFunction {
  return arrow([], f.createParenthesizedExpression(body));
}

/** `v => { target = v; }` */
export function setter(target: ts.Expression): ts.ArrowFunction {
  const assignment = f.createBinaryExpression(target, ts.SyntaxKind.EqualsToken, id('$v'));
  return thunk([f.createExpressionStatement(assignment)], ['$v']);
}

/** Gives made-up code the place of what it was made from, so that a stack trace leads there. */
export function placed<T extends ts.Node>(made: T, start: number, end: number): T {
  ts.setSourceMapRange(made, { pos: start, end });
  return made;
}

export function importLine(
  names: readonly { exported: string; local: string }[],
  module: string,
): ts.ImportDeclaration {
  const specifiers = names.map(({ exported, local }) =>
    f.createImportSpecifier(false, exported === local ? undefined : id(exported), id(local)),
  );
  const clause = f.createImportClause(false, undefined, f.createNamedImports(specifiers));
  return f.createImportDeclaration(undefined, clause, f.createStringLiteral(module));
}

/** `const { a, b } = source;` */
export function destructure(names: readonly string[], source: string): ts.Statement {
  const pattern = f.createObjectBindingPattern(names.map((name) => f.createBindingElement(undefined, undefined, name)));
  const declaration = f.createVariableDeclaration(pattern, undefined, undefined, id(source));
  return f.createVariableStatement(undefined, f.createVariableDeclarationList([declaration], ts.NodeFlags.Const));
}

export function constant(name: string, value: ts.Expression): ts.Statement {
  const declaration = f.createVariableDeclaration(name, undefined, undefined, value);
  return f.createVariableStatement(undefined, f.createVariableDeclarationList([declaration], ts.NodeFlags.Const));
}
