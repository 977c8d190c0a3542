import ts from 'ohos-typescript';
import { BuilderBody } from './builder-body.js';
import { call, constant, destructure, FILE, id, importLine, NODE, placed, thunk } from './emit.js';
import { ENTRY_EXPORT } from './entry-module.js';
import { etsOptions } from '../project/sdk.js';
import { decoratorNames, decoratorsOf } from './ets-source.js';
import type { FileContext } from './file-context.js';
import { STATE_DECORATORS, type GlobalPlan } from './globals.js';
import type { ImportLine, ImportPlan } from './imports.js';

const f = ts.factory;

/** What compiled code calls; imported by every file, dropped again where it is not used. */
const RUNTIME: readonly string[] = [
  '__build',
  '__call',
  '__el',
  '__forEach',
  '__if',
  '__lazyForEach',
  '__method',
  '__rawfile',
  '__ref',
  '__repeat',
  '__r',
];
const VIEW = '__ViewV2';

const STRUCT_DECORATORS: ReadonlySet<string> = new Set(['Entry', 'ComponentV2', 'Preview']);
const FUNCTION_DECORATORS: ReadonlySet<string> = new Set(['Builder', 'Extend', 'Styles']);
const MEMBER_DECORATORS: ReadonlySet<string> = new Set([
  ...STATE_DECORATORS,
  'Builder',
  'LocalBuilder',
  'Styles',
  'Trace',
]);
const CLASS_DECORATORS: ReadonlySet<string> = new Set(['ObservedV2']);

/** JavaScript (ES2021 modules) with an inline source map to the .ets text. Faults are left in `file.faults`. */
export function transformEts(file: FileContext, imports: ImportPlan, globals: GlobalPlan): string {
  const { source } = file;
  const result = ts.transpileModule(source.text, {
    fileName: source.path,
    reportDiagnostics: false,
    compilerOptions: {
      target: ts.ScriptTarget.ES2021,
      module: ts.ModuleKind.ES2020,
      experimentalDecorators: true,
      useDefineForClassFields: false,
      // esbuild drops what is unused; the front end cannot know what the made-up code uses.
      preserveValueImports: true,
      inlineSourceMap: true,
      inlineSources: true,
      ets: etsOptions(),
    } as ts.CompilerOptions,
    transformers: { before: [(context) => (tree) => new EtsTransform(file, context, imports, globals).file(tree)] },
  });
  return result.outputText;
}

class EtsTransform {
  private readonly body: BuilderBody;

  constructor(
    private readonly context: FileContext,
    private readonly transformation: ts.TransformationContext,
    private readonly imports: ImportPlan,
    private readonly globals: GlobalPlan,
  ) {
    this.body = new BuilderBody(context, transformation);
  }

  file(tree: ts.SourceFile): ts.SourceFile {
    const statements = tree.statements.flatMap((statement) => this.topLevel(statement));
    return f.updateSourceFile(tree, [...this.prologue(), ...statements]);
  }

  private prologue(): ts.Statement[] {
    const { registry } = this.context;
    const runtime = RUNTIME.map((name) => ({ exported: name, local: name }));
    return [
      importLine([...runtime, { exported: 'ViewV2', local: VIEW }], registry.coreModule),
      importLine([{ exported: 'components', local: '__components' }], registry.componentsModule),
      ...this.globals.imports.map((line) => toImport(line)),
      ...this.globals.records.flatMap((record, index) => [
        importLine([{ exported: record.exported, local: `__globals${index}` }], record.module),
        destructure(record.names, `__globals${index}`),
      ]),
      constant(FILE, f.createStringLiteral(this.context.source.file)),
    ];
  }

  private topLevel(statement: ts.Statement): ts.Statement[] {
    if (ts.isImportDeclaration(statement)) {
      return this.imports.replaced.get(statement.pos)?.map(toImport) ?? [statement];
    }
    if (ts.isStructDeclaration(statement)) {
      return this.struct(statement);
    }
    if (ts.isFunctionDeclaration(statement)) {
      return [this.functionDeclaration(statement)];
    }
    this.checkClasses(statement);
    return [this.visit(statement)];
  }

  private checkClasses(node: ts.Node): void {
    if (ts.isClassDeclaration(node)) {
      this.checkDecorators(node, CLASS_DECORATORS);
      for (const member of node.members) {
        this.checkDecorators(member, MEMBER_DECORATORS);
      }
    }
  }

  private checkDecorators(node: ts.Node, known: ReadonlySet<string>): void {
    for (const decorator of decoratorsOf(node)) {
      const [name] = [decorator.expression]
        .map((at) => (ts.isCallExpression(at) ? at.expression : at))
        .map((at) => (ts.isIdentifier(at) ? at.text : ''));
      if (name !== undefined && !known.has(name)) {
        this.context.report(decorator, `the host does not implement the decorator '@${name}' here`);
      }
    }
  }

  private functionDeclaration(node: ts.FunctionDeclaration): ts.Statement {
    this.checkDecorators(node, FUNCTION_DECORATORS);
    const names = decoratorNames(node);
    const name = node.name?.text ?? '';
    if (node.body === undefined || names.length === 0) {
      return this.visit(node);
    }
    if (names.includes('Builder')) {
      return this.remake(node, [...node.parameters], this.builderBlock(node.body));
    }
    const component = names.includes('Extend') ? (this.context.extensions.get(name) ?? '') : '__Common__';
    return this.remake(
      node,
      [nodeParameter(), ...node.parameters],
      f.createBlock(this.body.attributeStatements(node.body, component), true),
    );
  }

  private remake(
    node: ts.FunctionDeclaration,
    parameters: readonly ts.ParameterDeclaration[],
    body: ts.Block,
  ): ts.Statement {
    const modifiers = plainModifiers(node);
    return placed(
      f.createFunctionDeclaration(modifiers, undefined, node.name, undefined, parameters, undefined, body),
      this.context.start(node),
      node.end,
    );
  }

  /** `{ return __build(() => { … }); }` */
  private builderBlock(block: ts.Block): ts.Block {
    return f.createBlock([f.createReturnStatement(call('__build', [thunk(this.body.statements(block))]))], true);
  }

  private struct(node: ts.StructDeclaration): ts.Statement[] {
    const name = node.name;
    const decorators = decoratorNames(node);
    this.checkDecorators(node, STRUCT_DECORATORS);
    if (name === undefined || !decorators.includes('ComponentV2')) {
      this.context.report(node, 'a struct needs the decorator @ComponentV2');
      return [];
    }
    this.context.enterStruct(node);
    const members = node.members.flatMap((member) => this.member(member, decorators.includes('Entry')));
    if (!node.members.some((member) => ts.isMethodDeclaration(member) && member.name.getText() === 'build')) {
      this.context.report(name, `struct ${name.text} has no build()`);
    }
    const modifiers = plainModifiers(node);
    const base = f.createHeritageClause(ts.SyntaxKind.ExtendsKeyword, [
      f.createExpressionWithTypeArguments(id(VIEW), undefined),
    ]);
    const made = placed(
      f.createClassDeclaration(modifiers, name, undefined, [base], members),
      this.context.start(node),
      node.end,
    );
    return decorators.includes('Entry') ? [made, exportAs(name.text, ENTRY_EXPORT)] : [made];
  }

  private member(member: ts.ClassElement, isEntry: boolean): ts.ClassElement[] {
    this.checkDecorators(member, MEMBER_DECORATORS);
    // The parser makes up a constructor that gives the parameters their types.
    if (ts.isConstructorDeclaration(member)) {
      return [];
    }
    if (!ts.isMethodDeclaration(member) || member.body === undefined) {
      return [this.visit(member)];
    }
    const names = decoratorNames(member);
    if (member.name.getText(this.context.source.tree) === 'build') {
      this.checkRoot(member, member.body, isEntry);
      return [this.method(member, member.parameters, f.createBlock(this.body.statements(member.body), true))];
    }
    if (names.includes('Builder')) {
      return [this.method(member, member.parameters, this.builderBlock(member.body))];
    }
    if (names.includes('LocalBuilder')) {
      const arrow = f.createArrowFunction(
        undefined,
        undefined,
        member.parameters,
        undefined,
        undefined,
        this.builderBlock(member.body),
      );
      return [f.createPropertyDeclaration(undefined, member.name, undefined, undefined, arrow)];
    }
    if (names.includes('Styles')) {
      const statements = this.body.attributeStatements(member.body, '__Common__');
      return [this.method(member, [nodeParameter()], f.createBlock(statements, true))];
    }
    return [this.visit(member)];
  }

  private method(
    member: ts.MethodDeclaration,
    parameters: readonly ts.ParameterDeclaration[],
    body: ts.Block,
  ): ts.MethodDeclaration {
    return placed(
      f.createMethodDeclaration(undefined, undefined, member.name, undefined, undefined, parameters, undefined, body),
      this.context.start(member),
      member.end,
    );
  }

  private checkRoot(member: ts.MethodDeclaration, body: ts.Block, isEntry: boolean): void {
    const [root] = body.statements;
    if (body.statements.length !== 1 || root === undefined) {
      this.context.report(member, `build() must have exactly one root, got ${body.statements.length}`);
    } else if (isEntry && !ts.isExpressionStatement(root)) {
      this.context.report(root, 'the root of an @Entry struct must be a component');
    }
  }

  private visit<T extends ts.Node>(node: T): T {
    return this.body.expressions.plain(node);
  }
}

function plainModifiers(node: ts.Node): ts.Modifier[] {
  const { modifiers } = node as { modifiers?: readonly ts.Node[] };
  return (modifiers ?? []).filter((item): item is ts.Modifier => item.kind !== ts.SyntaxKind.Decorator);
}

function nodeParameter(): ts.ParameterDeclaration {
  return f.createParameterDeclaration(undefined, undefined, NODE);
}

function exportAs(local: string, exported: string): ts.Statement {
  const specifier = f.createExportSpecifier(false, id(local), id(exported));
  return f.createExportDeclaration(undefined, false, f.createNamedExports([specifier]));
}

function toImport(line: ImportLine): ts.ImportDeclaration {
  return line.exported === '*'
    ? f.createImportDeclaration(
        undefined,
        f.createImportClause(false, undefined, f.createNamespaceImport(id(line.local))),
        f.createStringLiteral(line.module),
      )
    : importLine([line], line.module);
}
