import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What is wrong with the docstring of a declaration, as sentences; empty when it will do. */
function faultsOf(declaration: ts.Declaration): string[] {
  const text = docstringOf(declaration);
  if (text === "") return ["it has none"];
  const faults: string[] = [];
  const body = bodyOf(declaration);
  if (body === undefined) return faults;
  const { parameters, type } = body;
  const arrays = [...parameters.map((parameter) => parameter.type), type].some(
    (one) => one !== undefined && isArray(one),
  );
  if (arrays && !/\[[^\]]*\]/.test(text)) {
    faults.push("it takes or gives numbers in a shape, and names no shape such as [n, dIn]");
  }
  if (throws(body, new Set()) && !/@throws|\bthrows as\b/i.test(text)) {
    faults.push("it can throw, and says no @throws");
  }
  return faults;
}

function docstringOf(declaration: ts.Declaration): string {
  // The docstring of a constant stands before its whole statement.
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const own = ts.getJSDocCommentsAndTags(node).map((one) => one.getFullText());
  return own.join("\n");
}

type WithBody = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction;

function bodyOf(declaration: ts.Declaration): WithBody | undefined {
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) {
    return declaration;
  }
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  const value = declaration.initializer;
  return value !== undefined && ts.isArrowFunction(value) ? value : undefined;
}

/** Whether a type is one of the library's for numbers in a shape, or a list of numbers. */
function isArray(type: ts.TypeNode): boolean {
  return /^(?:Promise<)?(?:readonly )?(?:Matrix|Tensor|Numbers|Float(?:64|32)Array|number\[\])\b/.test(
    type.getText(),
  );
}

/** Whether a function throws, itself or in a function of the same file that it calls. */
function throws(node: ts.Node, seen: Set<ts.Node>): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  const file = node.getSourceFile();
  let found = false;
  const visit = (inner: ts.Node): void => {
    if (found || isCaught(inner, node)) return;
    if (ts.isThrowStatement(inner)) found = true;
    if (ts.isCallExpression(inner) && ts.isIdentifier(inner.expression)) {
      const name = inner.expression.text;
      const callee = file.statements.find(
        (one) => ts.isFunctionDeclaration(one) && one.name?.text === name,
      );
      if (callee !== undefined && throws(callee, seen)) found = true;
    }
    ts.forEachChild(inner, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

/** Whether an error in here goes no further: the block of a try whose handler throws nothing. */
function isCaught(node: ts.Node, top: ts.Node): boolean {
  if (!ts.isTryStatement(node.parent) || node.parent.tryBlock !== node) return false;
  const handler = node.parent.catchClause;
  return handler !== undefined && !throws(handler, new Set([top]));
}

const config = ts.getParsedCommandLineOfConfigFile(join(root, "src", "tsconfig.node.json"), {}, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: () => {},
} as ts.ParseConfigFileHost)!;
const entry = join(root, "src", "index.node.ts");
const program = ts.createProgram([entry], { ...config.options, noLib: true, types: [] });
const checker = program.getTypeChecker();
const exported = checker
  .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!)
  .map((symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  )
  .flatMap(({ name, declarations = [] }) => {
    // Nobody sees the implementation behind overloads.
    const hidden = (one: ts.Declaration) => declarations.length > 1 && "body" in one && one.body;
    return declarations.filter((one) => !hidden(one)).map((declaration) => ({ name, declaration }));
  });

/** The exports, and the public methods of exported classes. */
const documented = exported.flatMap(({ name, declaration }) => {
  const methods = ts.isClassDeclaration(declaration)
    ? declaration.members.filter(
        (member) =>
          ts.isMethodDeclaration(member) &&
          !ts.isPrivateIdentifier(member.name) &&
          !ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword),
      )
    : [];
  return [
    { name, declaration },
    ...methods.map((method) => ({
      name: `${name}.${method.name!.getText()}`,
      declaration: method as ts.Declaration,
    })),
  ];
});

test("the library has many exports, each found where it is declared", () => {
  expect(documented.length).toBeGreaterThan(150);
  expect(documented.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["similarity", "Network", "openSeries", "CheckpointSeries.network"]),
  );
});

test.for(documented)(
  "$name has a docstring that says what it takes, gives and throws",
  ({ declaration }) => {
    const where = relative(root, declaration.getSourceFile().fileName);
    expect(faultsOf(declaration), where).toEqual([]);
  },
);
