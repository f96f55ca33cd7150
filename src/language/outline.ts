import type { Node, Statement } from "typescript";
import { ts } from "./typescript.ts";

/** A name that a cell declares at its top. */
export interface Declared {
  readonly name: string;
  /** TypeScript's word for it: "const", "function", "interface", … */
  readonly kind: string;
  /** Where the name stands. */
  readonly from: number;
  /** The docstring as it stands, stars and all. */
  readonly docs: string;
  /** It may be a promise or a generator, which other cells see settled. */
  readonly maySettle: boolean;
}

/** What can be said of a cell by its text alone, finished or not. */
export interface Outline {
  readonly declared: readonly Declared[];
  /** Every name in the text, members and types included. */
  readonly names: ReadonlySet<string>;
  /** One expression, which would be something else as a statement: `{a: 1}`. */
  readonly parenthesised: boolean;
  /** Ends of empty arrays that are properties: they take any entries, as they do in JavaScript. */
  readonly openArrays: readonly number[];
  /** Whether its grammar has no error. */
  readonly sound: boolean;
}

export function outlineOf(source: string): Outline {
  const parenthesised = isExpression(source);
  const before = parenthesised ? 1 : 0;
  const file = read(parenthesised ? `(${source}\n)` : source);
  const names = new Set<string>();
  const openArrays: number[] = [];
  const visit = (node: Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    if (ts.isPropertyAssignment(node) && isEmptyArray(node.initializer)) {
      openArrays.push(node.initializer.end - before);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const declared = file.statements.flatMap((statement) => declaredBy(statement, source));
  return { declared, names, parenthesised, openArrays, sound: !hasErrors(file) };
}

function read(text: string) {
  return ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
}

function isExpression(source: string): boolean {
  // Found by themselves: a line of slashes can be cut into comments in more ways than there is time for.
  const [comments] = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/.exec(source)!;
  const code = source.slice(comments.length);
  if (!/^(?:\{|(?:async\s+)?function\b|class\b)/.test(code)) return false;
  const file = read(`(${source}\n)`);
  const [only, second] = file.statements;
  if (!only || second || !ts.isExpressionStatement(only)) return false;
  const { expression } = only;
  if (!ts.isParenthesizedExpression(expression) || hasErrors(file)) return false;
  const inner = expression.expression;
  const named = ts.isFunctionExpression(inner) || ts.isClassExpression(inner);
  return !(named && inner.name);
}

/** What the parser itself found; there is no public way to ask without a whole program. */
function hasErrors(file: object): boolean {
  return ((file as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics ?? []).length > 0;
}

function isEmptyArray(node: Node): boolean {
  return ts.isArrayLiteralExpression(node) && node.elements.length === 0;
}

function declaredBy(statement: Statement, source: string): Declared[] {
  const docs = docsOf(statement, source);
  const one = (name: Node, kind: string, maySettle = false): Declared => {
    const from = name.end - textOf(name).length;
    return { name: textOf(name), kind, from, docs, maySettle };
  };
  if (ts.isVariableStatement(statement)) {
    const { flags, declarations } = statement.declarationList;
    const kind = flags & ts.NodeFlags.Const ? "const" : flags & ts.NodeFlags.Let ? "let" : "var";
    return declarations.flatMap(({ name, initializer }) => {
      const settles = initializer !== undefined && maySettle(initializer);
      return boundBy(name).map((bound) => one(bound, kind, settles));
    });
  }
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const named = !namedBindings
      ? []
      : ts.isNamespaceImport(namedBindings)
        ? [namedBindings.name]
        : namedBindings.elements.map((element) => element.name);
    return [...(name ? [name] : []), ...named].map((bound) => one(bound, "import"));
  }
  const { name } = statement as { name?: Node };
  if (!name || !ts.isIdentifier(name)) return [];
  if (ts.isFunctionDeclaration(statement)) return [one(name, "function")];
  if (ts.isClassDeclaration(statement)) return [one(name, "class")];
  if (ts.isInterfaceDeclaration(statement)) return [one(name, "interface")];
  if (ts.isTypeAliasDeclaration(statement)) return [one(name, "type")];
  if (ts.isEnumDeclaration(statement)) return [one(name, "enum")];
  return [];
}

function textOf(name: Node): string {
  return (name as { text?: string }).text ?? "";
}

function boundBy(name: Node): Node[] {
  if (ts.isIdentifier(name)) return name.text === "" ? [] : [name];
  if (!ts.isObjectBindingPattern(name) && !ts.isArrayBindingPattern(name)) return [];
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? boundBy(element.name) : [],
  );
}

/** Whether a value made like that can be a promise or a generator. */
function maySettle(made: Node): boolean {
  if (ts.isCallExpression(made)) {
    return !(ts.isIdentifier(made.expression) && made.expression.text === "view");
  }
  return (
    ts.isNewExpression(made) ||
    ts.isIdentifier(made) ||
    ts.isPropertyAccessExpression(made) ||
    ts.isElementAccessExpression(made) ||
    ts.isConditionalExpression(made) ||
    ts.isBinaryExpression(made) ||
    ts.isAsExpression(made) ||
    ts.isNonNullExpression(made) ||
    ts.isParenthesizedExpression(made)
  );
}

function docsOf(statement: Statement, source: string): string {
  const ranges = ts.getLeadingCommentRanges(source, statement.pos) ?? [];
  const last = ranges.findLast(({ pos }) => source.startsWith("/**", pos));
  return last ? source.slice(last.pos, last.end) : "";
}
