import type ts from "typescript";
import type { Problem } from "../analyse/syntax.ts";
import { offsetAt, positionAt } from "../lines.ts";
import { enumEdits, parameterEdits } from "./made-code.ts";
import { withoutNamespaces } from "./namespaces.ts";
import { type Edit, inOrder, rewrite } from "./rewrite.ts";

/** A source without its types, every position kept; or why there is none. */
export type Stripped = { readonly code: string } | Problem;

/** Removes types. `expression` reads the source as one expression, as `({a: 1 as const})`. */
export type StripTypes = (source: string, expression: boolean) => Stripped | Promise<Stripped>;

/** The same by one that does not wait for another thread. */
export type StripTypesNow = (source: string, expression: boolean) => Stripped;

let loaded: Promise<StripTypesNow> | undefined;

/** Loads TypeScript (about 0.7 s, once): only for sources that are not plain JavaScript. */
export function loadTypeScript(): Promise<StripTypesNow> {
  loaded ??= Promise.all([import("typescript"), import("ts-blank-space")]).then(
    ([typescript, { blankSourceFile }]) => stripperOf(typescript.default, blankSourceFile),
  );
  return loaded;
}

/** `StripTypesNow` by TypeScript itself and what blanks its trees. */
export function stripperOf(
  typescript: typeof ts,
  blank: (file: ts.SourceFile, onError: (node: ts.Node) => void) => string,
): StripTypesNow {
  const read = (text: string): ts.SourceFile =>
    typescript.createSourceFile(
      "cell.ts",
      text,
      {
        languageVersion: typescript.ScriptTarget.ESNext,
        impliedNodeFormat: typescript.ModuleKind.ESNext,
        // A cell may await at its top level without importing anything.
        setExternalModuleIndicator: (file) => {
          Object.assign(file, { externalModuleIndicator: true });
        },
      },
      true,
      typescript.ScriptKind.TS,
    );
  return (source, expression) => {
    const before = expression ? "(" : "";
    const file = read(expression ? `(${source}\n)` : source);
    const syntax = syntaxProblem(typescript, file);
    if (syntax) return { ...syntax, offset: syntax.offset - before.length };
    if (expression && !isParenthesised(typescript, file)) {
      return { message: "This is not one expression", offset: -1 };
    }
    const lowered = withoutNamespaces(typescript, file);
    if (lowered && "message" in lowered) return lowered;
    const plain = lowered ? read(lowered.code) : file;
    /** The offset in the source of one in what is left without namespaces. */
    const given = (offset: number): number =>
      lowered
        ? offsetAt(source, lowered.original(positionAt(lowered.code, offset)))
        : offset - before.length;
    let refused: Problem | undefined;
    const edits: Edit[] = [];
    const blanked = blank(plain, (node) => {
      const made = editsFor(typescript, node, plain);
      if (made)
        edits.push(...made.filter((edit) => !edits.some((other) => isSameEdit(edit, other))));
      else {
        refused ??= {
          message: refusal(typescript, node),
          offset: given(node.getStart(plain)),
          isRefused: true,
        };
      }
    });
    if (refused) return refused;
    const { code } = rewrite(blanked, inOrder(edits));
    return { code: expression ? code.slice(1, -2) : code };
  };
}

function syntaxProblem(typescript: typeof ts, file: ts.SourceFile): Problem | undefined {
  // What the parser itself found; there is no public way to ask without a whole program.
  const found = (file as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] })
    .parseDiagnostics?.[0];
  if (!found) return undefined;
  const message = typescript.flattenDiagnosticMessageText(found.messageText, " ");
  return { message: message.replace(/\.$/, ""), offset: found.start };
}

function isParenthesised(typescript: typeof ts, file: ts.SourceFile): boolean {
  const [only, second] = file.statements;
  return (
    only !== undefined &&
    second === undefined &&
    typescript.isExpressionStatement(only) &&
    typescript.isParenthesizedExpression(only.expression)
  );
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.range[0] === b.range[0] && a.range[1] === b.range[1] && a.text === b.text;
}

/** How what cannot be erased is made into code; undefined for what has to be written otherwise. */
function editsFor(
  typescript: typeof ts,
  node: ts.Node,
  file: ts.SourceFile,
): readonly Edit[] | undefined {
  if (typescript.isEnumDeclaration(node)) return enumEdits(typescript, node, file);
  return typescript.isModifier(node) ? parameterEdits(typescript, node, file) : undefined;
}

/** Why a node cannot be erased: it would make code of its own. */
function refusal(typescript: typeof ts, node: ts.Node): string {
  switch (node.kind) {
    case typescript.SyntaxKind.ModuleDeclaration:
      return "A namespace stands at the top of a cell or of another namespace";
    case typescript.SyntaxKind.PublicKeyword:
    case typescript.SyntaxKind.PrivateKeyword:
    case typescript.SyntaxKind.ProtectedKeyword:
    case typescript.SyntaxKind.ReadonlyKeyword:
    case typescript.SyntaxKind.OverrideKeyword:
      return "A parameter property makes code of its own: declare the field and assign it";
    case typescript.SyntaxKind.ImportEqualsDeclaration:
    case typescript.SyntaxKind.ExportAssignment:
      return "import = and export = make code of their own: write import … from";
    case typescript.SyntaxKind.TypeAssertionExpression:
      return "Write `value as Type`, not `<Type>value`";
    default:
      return "This type assertion would change the meaning of the code around it: add parentheses";
  }
}
