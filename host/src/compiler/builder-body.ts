import ts from 'ohos-typescript';
import { arrow, call, FILE, id, lambda, NODE, placed, thunk } from './emit.js';
import { declaredComponents } from '../project/sdk.js';
import { Expressions } from './expressions.js';
import type { FileContext } from './file-context.js';
import { COMMON } from './registry.js';

const f = ts.factory;

interface Attribute {
  readonly name: ts.Identifier;
  readonly call: ts.CallExpression;
}

/** A component with what is chained on it, inside out. */
interface Chain {
  readonly base: ts.Expression;
  readonly attributes: readonly Attribute[];
}

const REPEAT_PARTS: ReadonlySet<string> = new Set(['each', 'key', 'template', 'templateId']);

/** Turns the declarative statements of build() and of @Builder functions into calls of the runtime. */
export class BuilderBody {
  readonly expressions: Expressions;

  constructor(
    private readonly file: FileContext,
    context: ts.TransformationContext,
  ) {
    this.expressions = new Expressions(file, context);
  }

  statements(block: ts.Block): ts.Statement[] {
    return block.statements.flatMap((statement) => this.statement(statement));
  }

  /** Attributes of @Extend and @Styles functions: `.width(1)` on a component that is not named. */
  attributeStatements(block: ts.Block, component: string): ts.Statement[] {
    return block.statements.flatMap((statement) => {
      if (!ts.isExpressionStatement(statement)) {
        this.file.report(statement, 'only attributes can be written here');
        return [];
      }
      return this.attributes(unwind(statement.expression).attributes, component);
    });
  }

  private statement(statement: ts.Statement): ts.Statement[] {
    if (ts.isIfStatement(statement)) {
      return [this.conditional(statement)];
    }
    if (ts.isExpressionStatement(statement)) {
      const made = this.component(statement.expression);
      return made === null ? [] : [this.place(f.createExpressionStatement(made), statement)];
    }
    if (statement.kind !== ts.SyntaxKind.EmptyStatement) {
      this.file.report(statement, 'only components, if and loops over ForEach can be written in build() and @Builder');
    }
    return [];
  }

  private conditional(statement: ts.IfStatement): ts.Statement {
    const branches: ts.Expression[] = [];
    const branch = (body: ts.Statement): number => {
      const statements = ts.isBlock(body) ? this.statements(body) : this.statement(body);
      return branches.push(thunk(statements)) - 1;
    };
    const choose = (at: ts.IfStatement): ts.Expression => {
      const chosen = f.createNumericLiteral(branch(at.thenStatement));
      const other = at.elseStatement;
      const rest =
        other === undefined
          ? f.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, f.createNumericLiteral(1))
          : ts.isIfStatement(other)
            ? choose(other)
            : f.createNumericLiteral(branch(other));
      return f.createConditionalExpression(this.expressions.plain(at.expression), undefined, chosen, undefined, rest);
    };
    const choice = choose(statement);
    return this.place(
      f.createExpressionStatement(
        this.place(
          call('__if', [lambda(choice), f.createArrayLiteralExpression(branches), id(FILE), this.file.line(statement)]),
          statement,
        ),
      ),
      statement,
    );
  }

  private component(expression: ts.Expression): ts.Expression | null {
    const { base, attributes } = unwind(expression);
    const callee = ts.isEtsComponentExpression(base) || ts.isCallExpression(base) ? base.expression : null;
    if (callee === null) {
      this.file.report(expression, 'a component, a struct or a @Builder must be called here');
      return null;
    }
    const { args, body } = partsOf(base);
    if (!ts.isIdentifier(callee)) {
      return this.memberCall(base, callee, args, body, attributes);
    }
    if (!this.file.names.declared.has(callee.text)) {
      switch (callee.text) {
        case 'ForEach':
        case 'LazyForEach':
          return this.loop(base, callee.text, args);
        case 'Repeat':
          return this.repeat(base, args, attributes);
        default:
          return this.builtIn(base, callee, args, body, attributes);
      }
    }
    return this.withAttributes(base, attributes, this.customCall(base, callee, args, body));
  }

  private builtIn(
    base: ts.Expression,
    callee: ts.Identifier,
    args: readonly ts.Expression[],
    body: ts.Block | undefined,
    attributes: readonly Attribute[],
  ): ts.Expression | null {
    const name = callee.text;
    if (!this.file.registry.hasComponent(name)) {
      const isDeclared = declaredComponents().includes(name);
      this.file.report(
        callee,
        isDeclared ? `the host does not implement the component '${name}'` : `unknown component '${name}'`,
      );
      return null;
    }
    const create = f.createExpressionStatement(
      this.place(
        f.createCallExpression(
          f.createPropertyAccessExpression(id(NODE), 'create'),
          undefined,
          args.map((arg) => this.expressions.argument(arg)),
        ),
        base,
      ),
    );
    const content = body === undefined ? f.createNull() : thunk(this.statements(body));
    return this.element(base, name, [create, ...this.attributes(attributes, name)], content);
  }

  private element(
    base: ts.Expression,
    name: string,
    statements: readonly ts.Statement[],
    content: ts.Expression,
  ): ts.Expression {
    return this.place(
      call('__el', [
        f.createElementAccessExpression(id('__components'), f.createStringLiteral(name)),
        thunk(statements, [NODE]),
        content,
        id(FILE),
        this.file.line(base),
      ]),
      base,
    );
  }

  /** A struct or a @Builder function; which of them, the runtime sees. */
  private customCall(
    base: ts.Expression,
    callee: ts.Identifier,
    args: readonly ts.Expression[],
    body: ts.Block | undefined,
  ): ts.Expression {
    const trailing = body === undefined ? f.createNull() : thunk(this.statements(body));
    return this.place(
      call('__call', [
        callee,
        f.createArrayLiteralExpression(this.expressions.builderArguments(args)),
        trailing,
        id(FILE),
        this.file.line(base),
      ]),
      base,
    );
  }

  private memberCall(
    base: ts.Expression,
    callee: ts.Expression,
    args: readonly ts.Expression[],
    body: ts.Block | undefined,
    attributes: readonly Attribute[],
  ): ts.Expression | null {
    if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken !== undefined || body !== undefined) {
      this.file.report(base, 'a component, a struct or a @Builder must be called here');
      return null;
    }
    const made = this.place(
      call('__method', [
        this.expressions.plain(callee.expression),
        f.createStringLiteral(callee.name.text),
        f.createArrayLiteralExpression(this.expressions.builderArguments(args)),
        id(FILE),
        this.file.line(base),
      ]),
      base,
    );
    return this.withAttributes(base, attributes, made);
  }

  /** Attributes on a struct go to a node of their own around it, as ArkUI does it. */
  private withAttributes(base: ts.Expression, attributes: readonly Attribute[], made: ts.Expression): ts.Expression {
    if (attributes.length === 0) {
      return made;
    }
    if (!this.file.registry.hasComponent(COMMON)) {
      this.file.report(base, `attributes on a custom component need the component '${COMMON}', which the host lacks`);
      return made;
    }
    const create = f.createExpressionStatement(
      f.createCallExpression(f.createPropertyAccessExpression(id(NODE), 'create'), undefined, []),
    );
    const content = thunk([this.place(f.createExpressionStatement(made), base)]);
    return this.element(base, COMMON, [create, ...this.attributes(attributes, COMMON)], content);
  }

  private loop(base: ts.Expression, name: string, args: readonly ts.Expression[]): ts.Expression | null {
    const [source, build, key] = args;
    if (source === undefined || build === undefined) {
      this.file.report(base, `${name} needs the data and an item builder`);
      return null;
    }
    return this.place(
      call(name === 'ForEach' ? '__forEach' : '__lazyForEach', [
        lambda(this.expressions.plain(source)),
        this.itemBuilder(build),
        key === undefined ? f.createNull() : this.expressions.plain(key),
        id(FILE),
        this.file.line(base),
      ]),
      base,
    );
  }

  private repeat(
    base: ts.Expression,
    args: readonly ts.Expression[],
    attributes: readonly Attribute[],
  ): ts.Expression | null {
    const [source] = args;
    if (source === undefined) {
      this.file.report(base, 'Repeat needs its data');
      return null;
    }
    const statements: ts.Statement[] = [];
    for (const { name, call: made } of attributes) {
      if (!REPEAT_PARTS.has(name.text)) {
        this.file.report(name, `the host does not implement '${name.text}' of Repeat`);
        continue;
      }
      const isBuilder = name.text === 'each' || name.text === 'template';
      const parts = made.arguments.map((arg) =>
        isBuilder && !ts.isStringLiteralLike(arg) ? this.itemBuilder(arg) : this.expressions.plain(arg),
      );
      statements.push(
        f.createExpressionStatement(
          f.createCallExpression(f.createPropertyAccessExpression(id('$repeat'), name.text), undefined, parts),
        ),
      );
    }
    return this.place(
      call('__repeat', [
        lambda(this.expressions.plain(source)),
        thunk(statements, ['$repeat']),
        id(FILE),
        this.file.line(base),
      ]),
      base,
    );
  }

  /** `(item, index) => { components }`; also a reference to a @Builder. */
  private itemBuilder(node: ts.Expression): ts.Expression {
    if (!ts.isArrowFunction(node)) {
      return arrow(
        ['$item', '$index'],
        f.createCallExpression(this.expressions.plain(node), undefined, [id('$item'), id('$index')]),
      );
    }
    const statements = ts.isBlock(node.body)
      ? this.statements(node.body)
      : this.statement(f.createExpressionStatement(node.body));
    return f.updateArrowFunction(
      node,
      undefined,
      undefined,
      node.parameters,
      undefined,
      node.equalsGreaterThanToken,
      f.createBlock(statements, true),
    );
  }

  private attributes(attributes: readonly Attribute[], component: string): ts.Statement[] {
    return attributes.flatMap((attribute) => {
      const made = this.attribute(attribute, component);
      return made === null
        ? []
        : [placed(f.createExpressionStatement(made), this.file.start(attribute.name), attribute.call.end)];
    });
  }

  private attribute({ name, call: written }: Attribute, component: string): ts.Expression | null {
    const at = <T extends ts.Node>(made: T): T => placed(made, this.file.start(name), written.end);
    const extended = this.file.extensions.get(name.text);
    if (extended !== undefined && (extended === component || component === '')) {
      const args = written.arguments.map((arg) => this.expressions.argument(arg));
      return at(f.createCallExpression(id(name.text), undefined, [id(NODE), ...args]));
    }
    if (this.file.memberStyles.has(name.text)) {
      return at(
        f.createCallExpression(f.createPropertyAccessExpression(f.createThis(), name.text), undefined, [id(NODE)]),
      );
    }
    if (this.file.styles.has(name.text)) {
      return at(f.createCallExpression(id(name.text), undefined, [id(NODE)]));
    }
    if (!this.file.registry.hasAttribute(component, name.text)) {
      this.file.report(name, `the host does not implement the attribute '${name.text}' of ${component}`);
      return null;
    }
    const args =
      name.text === 'stateStyles'
        ? written.arguments.map((arg) => this.stateStyles(arg, component))
        : written.arguments.map((arg) => this.expressions.argument(arg));
    return at(f.createCallExpression(f.createPropertyAccessExpression(id(NODE), name.text), undefined, args));
  }

  private stateStyles(node: ts.Expression, component: string): ts.Expression {
    if (!ts.isObjectLiteralExpression(node)) {
      this.file.report(node, 'stateStyles needs a block for each state');
      return node;
    }
    return f.createObjectLiteralExpression(
      node.properties.filter(ts.isPropertyAssignment).map((property) =>
        f.createPropertyAssignment(
          property.name,
          this.expressions.styleFunction(property.initializer, (chain) =>
            this.attributes(unwind(chain).attributes, component),
          ),
        ),
      ),
    );
  }

  private place<T extends ts.Node>(made: T, from: ts.Node): T {
    return from.pos < 0 ? made : placed(made, this.file.start(from), from.end);
  }
}

function unwind(expression: ts.Expression): Chain {
  const attributes: Attribute[] = [];
  let at = expression;
  while (
    ts.isCallExpression(at) &&
    ts.isPropertyAccessExpression(at.expression) &&
    ts.isIdentifier(at.expression.name)
  ) {
    const owner: ts.Expression = at.expression.expression;
    const isChained = ts.isCallExpression(owner) || ts.isEtsComponentExpression(owner) || isNameless(owner);
    if (!isChained) {
      break;
    }
    attributes.unshift({ name: at.expression.name, call: at });
    at = owner;
  }
  return { base: at, attributes };
}

/** The identifier that the parser makes up in front of `.width(1)` where no component is written. */
function isNameless(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && node.pos === node.end && node.text.endsWith('Instance');
}

function partsOf(base: ts.Expression): { args: readonly ts.Expression[]; body: ts.Block | undefined } {
  if (ts.isEtsComponentExpression(base)) {
    return { args: base.arguments, body: base.body };
  }
  return { args: ts.isCallExpression(base) ? base.arguments : [], body: undefined };
}
