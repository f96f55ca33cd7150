import { type AnyNode, type Identifier, type Program, type Token, tokTypes } from "acorn";
import { loadTypeScript, type StripTypes } from "../compile/strip-types.ts";
import { hash } from "../hash.ts";
import { positionAt } from "../lines.ts";
import type { CellAnalysis, Reference, StaticImport } from "../workbook.ts";
import { guessDeclarations } from "./guess.ts";
import { freeOf, namesOf } from "./scope.ts";
import { signatureOf } from "./signature.ts";
import { type Problem, readJavaScript, type Syntax } from "./syntax.ts";
import { mayHaveTypeArguments } from "./type-arguments.ts";

/**
 * What a code cell reads, declares and imports. Nothing is run.
 *
 * Plain JavaScript is read directly; only a source that is not, or that could mean something else in
 * TypeScript, has its types blanked, for which TypeScript is loaded once. An invalid source gives an
 * analysis with `error`.
 *
 * @param source TypeScript of the cell
 * @param load gives the function that blanks types
 */
export async function analyse(
  source: string,
  load: () => Promise<StripTypes> = loadTypeScript,
): Promise<CellAnalysis> {
  source = source.replace(/^(\ufeff?)#!/, "$1//");
  const plain = readJavaScript(source);
  if ("root" in plain && !mayHaveTypeArguments(source, plain.tokens)) {
    return describe(source, source, plain);
  }
  const strip = await load();
  const expression = await strip(source, true);
  if ("code" in expression) {
    const syntax = readJavaScript(expression.code);
    if ("root" in syntax && syntax.root.type !== "Program") {
      return describe(source, expression.code, syntax);
    }
  }
  const program = await strip(source, false);
  if (!("code" in program)) {
    // Of two readings that both fail, the one that got further is the one that was meant.
    const further =
      !("code" in expression) && !program.isRefused && expression.offset > program.offset;
    return failed(source, further && expression.offset < source.length ? expression : program);
  }
  const syntax = readJavaScript(program.code);
  return "root" in syntax
    ? describe(source, program.code, syntax)
    : failed(source, syntax, program.code);
}

function describe(source: string, code: string, { root, tokens }: Syntax): CellAnalysis {
  const program = root.type === "Program" ? root : undefined;
  const exported = program?.body.find((node) => node.type.startsWith("Export"));
  if (exported) {
    const syntax = withoutExport(code, exported);
    if (syntax) return describe(source, syntax.code, syntax);
    const message = "A cell cannot pass on what another module exports: import it";
    return failed(source, { message, offset: exported.start }, code);
  }
  const free = freeOf(root);
  const problem = argumentsProblem(free.references) ?? commentProblem(tokens);
  if (problem) return failed(source, problem, code);
  const imports = (program?.body ?? []).flatMap((node) => importOf(code, node));
  const references = referencesOf(code, free.references);
  const [before, last] = [program?.body.at(-2), program?.body.at(-1)];
  return {
    code,
    expression: !program,
    references: references.filter(
      ({ name }, index) => references.findIndex((other) => other.name === name) === index,
    ),
    declarations: program ? declarationsOf(program) : [],
    async: free.awaits || imports.length > 0,
    assignments: referencesOf(code, free.assignments),
    imports,
    metas: free.metas.map(({ start, end }) => [start, end] as const),
    ...(last?.type === "ExpressionStatement" && {
      last: [last.expression.start, last.expression.end] as const,
      beforeLast: before?.end ?? 0,
    }),
    signature: signatureOf(root),
  };
}

/**
 * The code with one export less: what a cell declares is seen by other cells without it. Undefined where it
 * would mean something else.
 */
function withoutExport(code: string, node: AnyNode): (Syntax & { code: string }) | undefined {
  let end: number;
  if (node.type === "ExportDefaultDeclaration") end = node.declaration.start;
  else if (node.type !== "ExportNamedDeclaration" || node.source) return undefined;
  else end = node.declaration?.start ?? node.end;
  const blank = code.slice(node.start, end).replace(/\S/g, " ");
  const left = code.slice(0, node.start) + blank + code.slice(end);
  const syntax = readJavaScript(left);
  return "root" in syntax ? { ...syntax, code: left } : undefined;
}

/** @param code what the problem's offset is in: of the source's lines */
function failed(source: string, { message, offset }: Problem, code: string = source): CellAnalysis {
  const foreign = foreignSyntax(code, offset);
  const atEnd = message === "Unexpected token" && code.slice(offset).trim() === "";
  const place = foreign?.offset ?? offset;
  const at = positionAt(code, Math.max(0, Math.min(place, code.length)));
  return {
    code: source,
    expression: false,
    references: [],
    declarations: guessDeclarations(source),
    async: false,
    error: {
      message: foreign?.message ?? (atEnd ? "Unexpected end of the cell" : message),
      ...at,
    },
    assignments: [],
    imports: [],
    metas: [],
    signature: hash(source),
  };
}

function referencesOf(code: string, nodes: readonly Identifier[]): Reference[] {
  return nodes
    .toSorted((a, b) => a.start - b.start)
    .map(({ name, start }) => ({ name, ...positionAt(code, start) }));
}

function declarationsOf(program: Program): string[] {
  const names = program.body.flatMap((node) => {
    switch (node.type) {
      case "VariableDeclaration":
        return node.declarations.flatMap(({ id }) => namesOf(id));
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return node.id ? [node.id.name] : [];
      case "ImportDeclaration":
        return node.specifiers.map(({ local }) => local.name);
      default:
        return [];
    }
  });
  // `var` and functions may be declared twice.
  return [...new Set(names)];
}

function importOf(code: string, node: AnyNode): StaticImport[] {
  if (node.type !== "ImportDeclaration") return [];
  const bindings = node.specifiers.map((specifier) => {
    const local = specifier.local.name;
    if (specifier.type === "ImportDefaultSpecifier") return { imported: "default", local };
    if (specifier.type === "ImportNamespaceSpecifier") return { imported: "*", local };
    return { imported: textOf(specifier.imported), local };
  });
  const attributes = node.attributes.map(({ key, value }) => [textOf(key), String(value.value)]);
  return [
    {
      range: [node.start, node.end],
      specifier: String(node.source.value),
      bindings,
      attributes: Object.fromEntries(attributes),
      ...positionAt(code, node.start),
    },
  ];
}

/** A name in an import, which may be quoted. */
function textOf(node: AnyNode): string {
  return node.type === "Identifier" ? node.name : String((node as { value?: unknown }).value);
}

/** Outside of a function, `arguments` would be ours. */
function argumentsProblem(references: readonly Identifier[]): Problem | undefined {
  const found = references.find(({ name }) => name === "arguments");
  return found && { message: "arguments has no value outside of a function", offset: found.start };
}

/** `a<!--b` compares in a module, but begins a comment where cells are evaluated. */
function commentProblem(tokens: readonly Token[]): Problem | undefined {
  const at = tokens.findIndex(
    (token, index) =>
      token.type === tokTypes.relational &&
      tokens[index + 1]?.type === tokTypes.prefix &&
      tokens[index + 1]?.start === token.end &&
      tokens[index + 2]?.type === tokTypes.incDec &&
      tokens[index + 2]?.start === token.end + 1,
  );
  const message = "<!-- begins a comment in scripts: write spaces between <, ! and --";
  return at < 0 ? undefined : { message, offset: tokens[at]!.start };
}

const decoratorMessage =
  "Decorators are not run here: call the function with the class or the method";
const elementMessage = "JSX makes code of its own: write a template, as in html`<b>…</b>`";
const element = /<([A-Za-z][\w.]*)(?:\s[^<>]*)?(?:\/>|>[\s\S]*?<\/\1>)/g;

/** Characters around a mistake in which an element is looked for. */
const furthest = 500;

/** What a mistake really is, where it is syntax of another language. */
function foreignSyntax(source: string, offset: number): Problem | undefined {
  if (/^@[\w$]/.test(source.slice(offset))) return { message: decoratorMessage, offset };
  const from = Math.max(0, offset - furthest);
  for (const { index, 0: found } of source.slice(from, offset + furthest).matchAll(element)) {
    const start = from + index;
    if (start <= offset && offset <= start + found.length) {
      return { message: elementMessage, offset: start };
    }
  }
  return undefined;
}
