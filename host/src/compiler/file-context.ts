import ts from 'ohos-typescript';
import { decoratorNames, decoratorsOf, faultAt, startOf, type EtsSource } from './ets-source.js';
import type { Fault } from './fault.js';
import type { Names } from './names.js';
import type { Registry } from './registry.js';
import type { ResourceIndex } from './resources.js';

/** What the transform of one file knows and finds. */
export class FileContext {
  readonly faults: Fault[] = [];
  /** Functions with @Extend: name → component. */
  readonly extensions = new Map<string, string>();
  /** Global functions with @Styles. */
  readonly styles = new Set<string>();
  /** Global functions with @Builder. */
  readonly builders = new Set<string>();
  /** Of the struct that is being transformed. */
  memberStyles: ReadonlySet<string> = new Set();
  memberBuilders: ReadonlySet<string> = new Set();

  constructor(
    readonly source: EtsSource,
    readonly names: Names,
    readonly registry: Registry,
    readonly resources: ResourceIndex,
    readonly moduleName: string,
  ) {
    for (const statement of source.tree.statements) {
      if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
        this.addFunction(statement, statement.name.text);
      }
    }
  }

  report(node: ts.Node, text: string): void {
    this.faults.push(faultAt(this.source, this.start(node), text));
  }

  start(node: ts.Node): number {
    return startOf(node, this.source.tree);
  }

  line(node: ts.Node): ts.NumericLiteral {
    return ts.factory.createNumericLiteral(this.source.tree.getLineAndCharacterOfPosition(this.start(node)).line + 1);
  }

  enterStruct(struct: ts.StructDeclaration): void {
    const members = struct.members.map((member) => ({
      name: member.name !== undefined && ts.isIdentifier(member.name) ? member.name.text : '',
      decorators: decoratorNames(member),
    }));
    const having = (...wanted: string[]): ReadonlySet<string> =>
      new Set(
        members
          .filter((member) => member.decorators.some((name) => wanted.includes(name)))
          .map((member) => member.name),
      );
    this.memberStyles = having('Styles');
    this.memberBuilders = having('Builder', 'LocalBuilder', 'BuilderParam');
  }

  private addFunction(statement: ts.FunctionDeclaration, name: string): void {
    for (const decorator of decoratorsOf(statement)) {
      const expression = decorator.expression;
      if (ts.isIdentifier(expression) && expression.text === 'Styles') {
        this.styles.add(name);
      } else if (ts.isIdentifier(expression) && expression.text === 'Builder') {
        this.builders.add(name);
      } else if (ts.isCallExpression(expression) && expression.expression.getText(this.source.tree) === 'Extend') {
        this.extensions.set(name, expression.arguments[0]?.getText(this.source.tree) ?? '');
      }
    }
  }
}
