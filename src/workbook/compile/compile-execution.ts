import type { AnyNode } from "acorn";
import { readJavaScript } from "../analyse/syntax.ts";
import type { CellAnalysis, Position } from "../workbook.ts";
import { cellScript, fresh, scriptNames } from "./cell-script.ts";
import type { ImportModule } from "./compile-kernel.ts";
import type { Edit } from "./rewrite.ts";

/** What `code` evaluates to; `apart` holds the names that are not properties of the global object. */
export type ExecutionFunction = (
  importModule: ImportModule,
  /** Value of `import.meta`. */
  meta: Readonly<Record<string, unknown>>,
  apart: Record<string, unknown>,
  ...parameters: readonly unknown[]
) => Promise<unknown>;

/** A piece of code as a script. */
export interface CompiledExecution {
  /** An expression whose value is an `ExecutionFunction`. */
  readonly code: string;
  /** Lines of `code` before the person's first: `new vm.Script(code, {lineOffset: -linesBefore})`. */
  readonly linesBefore: number;
  /** The person's position of one that a script evaluated with that offset reports. */
  original(position: Position): Position;
}

export interface ExecutionNames {
  /** Names the code finds as parameters. */
  readonly parameters: readonly string[];
  /** Names the code reads, writes or declares that are kept apart from the global object. */
  readonly apart: readonly string[];
}

/**
 * A piece of code whose declarations stay for all that is executed later, as a script that evaluates to
 * an async function, every line where it was. What it declares at its top becomes an assignment to a
 * property of the global object (which must be there already), so that functions see what later pieces
 * declare anew; names kept apart are copied in before and out after, whatever ends the piece.
 */
export function compileExecution(
  analysis: CellAnalysis,
  { parameters, apart }: ExecutionNames,
): CompiledExecution {
  const names = scriptNames(analysis.code);
  const apartName = fresh("$apart", analysis.code);
  const parsed = readJavaScript(analysis.code);
  const body = "root" in parsed && parsed.root.type === "Program" ? parsed.root.body : [];
  const functions = body.flatMap((node) =>
    node.type === "FunctionDeclaration" && node.id ? [node.id.name] : [],
  );
  const { code, before, original } = cellScript(analysis, {
    names,
    expressionStart: "return (",
    importText: (bound) => `;(${bound});`,
    edits: body.flatMap(assigned),
  });
  const copied = apart.filter((name) => !functions.includes(name));
  const copyIn = copied.map((name) => `let ${name} = ${apartName}.${name};`).join(" ");
  const copyOut = copied.map((name) => `${apartName}.${name} = ${name};`).join(" ");
  const hoisted = functions
    .map((name) => `${apart.includes(name) ? apartName : "globalThis"}.${name} = ${name};`)
    .join(" ");
  const head = [names.importModule, names.meta, apartName, ...parameters].join(", ");
  const after = analysis.expression ? ")" : `;return ${names.value}`;
  return {
    code: `(async (${head}) => {"use strict"; let ${names.value}; ${copyIn} try { ${hoisted} ${before}\n${code}\n${after}} finally {${copyOut}}})`,
    linesBefore: 1,
    original,
  };
}

/** The edits that make a declaration an assignment to names that exist; functions are left. */
function assigned(node: AnyNode): readonly Edit[] {
  if (node.type === "ClassDeclaration" && node.id) {
    const { start, end } = node;
    return [
      { range: [start, start], text: `;${node.id.name} = ` },
      { range: [end, end], text: ";" },
    ];
  }
  if (node.type !== "VariableDeclaration" || !["const", "let", "var"].includes(node.kind))
    return [];
  const { kind, start, declarations } = node;
  const end = declarations.at(-1)!.end;
  return [
    { range: [start, start + kind.length], text: ";(" },
    // `var x;` leaves a value that is there; `let x;` does not.
    ...declarations.flatMap(({ id, init }) =>
      init || kind === "var" ? [] : [{ range: [id.end, id.end] as const, text: "=void 0" }],
    ),
    { range: [end, end], text: ")" },
  ];
}
