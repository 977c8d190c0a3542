import ts from 'ohos-typescript';

export interface NameUse {
  readonly name: string;
  readonly node: ts.Identifier;
  /** `http` in `http.createHttp`: the member's name. */
  readonly member: ts.Identifier | null;
}

export interface Names {
  /** Everything that the file declares or imports, in any scope. */
  readonly declared: ReadonlySet<string>;
  /** Identifiers in value positions: what remains when the types are gone. */
  readonly uses: readonly NameUse[];
}

/** Tells values from types by position alone, which is enough to know what must exist at run time. */
export function collectNames(tree: ts.SourceFile): Names {
  const declared = new Set<string>();
  const uses: NameUse[] = [];

  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) {
      return;
    }
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      return;
    }
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) {
      return;
    }
    if (isDeclaration(node) && node.name !== undefined && ts.isIdentifier(node.name)) {
      declared.add(node.name.text);
    }
    if (ts.isIdentifier(node)) {
      if (node.pos < node.end && isValueUse(node)) {
        const parent = node.parent as ts.Node | undefined;
        const member =
          parent !== undefined &&
          ts.isPropertyAccessExpression(parent) &&
          parent.expression === node &&
          ts.isIdentifier(parent.name)
            ? parent.name
            : null;
        uses.push({ name: node.text, node, member });
      }
      return;
    }
    ts.forEachChild(node, visit);
  }

  visit(tree);
  return { declared, uses };
}

type Named = ts.Node & { name?: ts.Node };

function isDeclaration(node: ts.Node): node is Named {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassLike(node) ||
    ts.isStructDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isImportClause(node) ||
    ts.isImportSpecifier(node) ||
    ts.isNamespaceImport(node) ||
    ts.isModuleDeclaration(node)
  );
}

function isValueUse(node: ts.Identifier): boolean {
  const parent = node.parent as ts.Node | undefined;
  if (parent === undefined) {
    return false;
  }
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.expression === node;
  }
  if (
    ts.isPropertyAssignment(parent) ||
    ts.isBindingElement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isEnumMember(parent)
  ) {
    return parent.initializer === node;
  }
  if (ts.isExportSpecifier(parent)) {
    return parent.parent.parent.moduleSpecifier === undefined && (parent.propertyName ?? parent.name) === node;
  }
  return !(
    isDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent) ||
    ts.isNamespaceExport(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertySignature(parent)
  );
}
