import ts from 'ohos-typescript';
import { arrow, call, id, lambda, NODE, placed, setter, thunk } from './emit.js';
import type { FileContext } from './file-context.js';

const f = ts.factory;

/** Rewrites what is special inside expressions: resources, two-way bindings, builders given to attributes. */
export class Expressions {
  constructor(
    private readonly file: FileContext,
    private readonly context: ts.TransformationContext,
  ) {}

  /** Any code outside of attributes. */
  plain<T extends ts.Node>(node: T): T {
    return ts.visitNode(node, (child) => this.visitPlain(child)) as T;
  }

  /** An argument of a component or of an attribute. */
  argument(node: ts.Expression): ts.Expression {
    const target = this.twoWayTarget(node);
    if (target !== null) {
      const value = this.plain(target);
      return f.createObjectLiteralExpression([
        f.createPropertyAssignment('value', value),
        f.createPropertyAssignment('set', setter(this.plain(target))),
      ]);
    }
    const builder = this.builderReference(node);
    if (builder !== null) {
      return builder;
    }
    if (ts.isObjectLiteralExpression(node)) {
      return f.updateObjectLiteralExpression(
        node,
        node.properties.map((property) =>
          ts.isPropertyAssignment(property)
            ? f.updatePropertyAssignment(property, property.name, this.argument(property.initializer))
            : this.plain(property),
        ),
      );
    }
    if (ts.isArrayLiteralExpression(node)) {
      return f.updateArrayLiteralExpression(
        node,
        node.elements.map((element) => this.argument(element)),
      );
    }
    return this.plain(node);
  }

  /** The one object literal that a struct or a by-reference @Builder gets: every property becomes a getter. */
  reference(literal: ts.ObjectLiteralExpression): ts.Expression {
    const properties: ts.ObjectLiteralElementLike[] = [];
    for (const property of literal.properties) {
      if (ts.isShorthandPropertyAssignment(property)) {
        properties.push(f.createPropertyAssignment(property.name.text, lambda(id(property.name.text))));
      } else if (ts.isPropertyAssignment(property)) {
        const target = this.twoWayTarget(property.initializer);
        properties.push(f.createPropertyAssignment(property.name, lambda(this.plain(target ?? property.initializer))));
        if (target !== null) {
          properties.push(
            f.createPropertyAssignment(
              f.createStringLiteral(`$${property.name.getText(this.file.source.tree)}`),
              lambda(setter(this.plain(target))),
            ),
          );
        }
      } else {
        this.file.report(property, 'parameters must be written as name: value');
      }
    }
    return call('__ref', [f.createObjectLiteralExpression(properties, true)]);
  }

  /** `this.x!!` and `$$this.x`: what is bound, or null. */
  private twoWayTarget(node: ts.Expression): ts.Expression | null {
    if (ts.isNonNullExpression(node) && ts.isNonNullExpression(node.expression)) {
      return node.expression.expression;
    }
    if (!ts.isPropertyAccessExpression(node)) {
      return null;
    }
    if (ts.isIdentifier(node.expression) && node.expression.text === '$$this') {
      return placed(f.createPropertyAccessExpression(f.createThis(), node.name), this.file.start(node), node.end);
    }
    const owner = this.twoWayTarget(node.expression);
    return owner === null || ts.isNonNullExpression(node.expression)
      ? null
      : f.createPropertyAccessExpression(owner, node.name);
  }

  /** `this.Menu` and `this.Menu(args)` in an attribute: built later, when the menu opens. */
  private builderReference(node: ts.Expression): ts.Expression | null {
    const isCall = ts.isCallExpression(node);
    const callee = isCall ? node.expression : node;
    const isMember =
      ts.isPropertyAccessExpression(callee) &&
      callee.expression.kind === ts.SyntaxKind.ThisKeyword &&
      this.file.memberBuilders.has(callee.name.text);
    const isGlobal = isCall && ts.isIdentifier(callee) && this.file.builders.has(callee.text);
    if (!isMember && !isGlobal) {
      return null;
    }
    const args = isCall ? this.builderArguments(node.arguments) : [];
    const made = placed(f.createCallExpression(callee, undefined, args), this.file.start(node), node.end);
    return thunk([f.createExpressionStatement(made)]);
  }

  builderArguments(args: readonly ts.Expression[]): ts.Expression[] {
    const [only] = args;
    return args.length === 1 && only !== undefined && ts.isObjectLiteralExpression(only)
      ? [this.reference(only)]
      : args.map((arg) => this.plain(arg));
  }

  private visitPlain(node: ts.Node): ts.Node {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      if (node.expression.text === '$r') {
        return this.resource(node);
      }
      if (node.expression.text === '$rawfile') {
        return this.rawfile(node);
      }
    }
    if (ts.isNonNullExpression(node) && ts.isNonNullExpression(node.expression)) {
      this.file.report(node, `'!!' binds a parameter or a component's value; it has no meaning here`);
    }
    if (ts.isIdentifier(node) && node.text === '$$this') {
      this.file.report(node, `'$$this' binds a component's value; it has no meaning here`);
    }
    return ts.visitEachChild(node, (child) => this.visitPlain(child), this.context);
  }

  private resource(node: ts.CallExpression): ts.Expression {
    const [name, ...args] = node.arguments;
    if (name === undefined || !ts.isStringLiteralLike(name)) {
      this.file.report(node, `$r needs its name as a literal: $r('app.string.name')`);
      return node;
    }
    const problem = this.file.resources.problemOf(name.text);
    if (problem !== null) {
      this.file.report(name, problem);
    }
    const params = args.map((arg) => this.plain(arg));
    return placed(
      call('__r', [
        f.createStringLiteral(this.file.moduleName),
        f.createStringLiteral(name.text),
        f.createArrayLiteralExpression(params),
      ]),
      this.file.start(node),
      node.end,
    );
  }

  private rawfile(node: ts.CallExpression): ts.Expression {
    const [name] = node.arguments;
    if (name === undefined || !ts.isStringLiteralLike(name)) {
      this.file.report(node, `$rawfile needs its path as a literal: $rawfile('dir/file.json')`);
      return node;
    }
    if (!this.file.resources.hasRawfile(name.text)) {
      this.file.report(name, `no file '${name.text}' in resources/rawfile`);
    }
    return call('__rawfile', [f.createStringLiteral(this.file.moduleName), f.createStringLiteral(name.text)]);
  }

  /** `{ .width(1).height(2) }`, which the parser reads as `{ XInstance: XInstance.width(1).height(2) }`. */
  styleFunction(node: ts.Expression, attributes: (chain: ts.Expression) => ts.Statement[]): ts.Expression {
    if (ts.isObjectLiteralExpression(node)) {
      const statements = node.properties.flatMap((property) =>
        ts.isPropertyAssignment(property) ? attributes(property.initializer) : [],
      );
      return thunk(statements, [NODE]);
    }
    const isMember = ts.isPropertyAccessExpression(node) && this.file.memberStyles.has(node.name.text);
    if (isMember || (ts.isIdentifier(node) && this.file.styles.has(node.text))) {
      return arrow([NODE], f.createCallExpression(node, undefined, [id(NODE)]));
    }
    this.file.report(node, 'a state style is a block of attributes or the name of a @Styles function of this file');
    return node;
  }
}
