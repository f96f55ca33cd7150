import type { Connections } from "./compile-browser.ts";
import { positionAt } from "./lines.ts";
import { type Edit, rewrite } from "./rewrite.ts";
import type { CellAnalysis, Position, StaticImport } from "./workbook.ts";

/** What `code` evaluates to. Neither argument has a name that the cell could see. */
export type KernelFunction = (
  importModule: ImportModule,
  /** Value of `import.meta`. */
  meta: Readonly<Record<string, unknown>>,
  ...inputs: readonly unknown[]
) => Promise<KernelValues>;

/**
 * Loads a module for a static import. `names` are the exports that the cell takes (`"default"`
 * included, none for the whole module): a loader should refuse a module that lacks one.
 */
export type ImportModule = (
  specifier: string,
  names: readonly string[],
  attributes: Readonly<Record<string, string>>,
) => Promise<unknown>;

/** What a run of a kernel cell gives. */
export interface KernelValues {
  /** By name. Promises among them are for the caller to await. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Value of an expression cell, or of a program's last statement when that is an expression. */
  readonly value: unknown;
}

/** A kernel cell as a script. */
export interface CompiledKernel {
  /** An expression whose value is a `KernelFunction`. */
  readonly code: string;
  /** Lines of `code` before the person's first: `new vm.Script(code, {lineOffset: -linesBefore})`. */
  readonly linesBefore: number;
  /**
   * The person's position of one that a script evaluated with that offset reports. It differs only
   * behind an import or before a last expression that shares its line with other code.
   */
  original(position: Position): Position;
}

/** As long as `import.meta`, so that it can stand in its place. */
const metaNames = ["$importMeta", "$importMet0", "$importMet1", "$importMet2", "$importMet3"];

/** A name for the value of `import.meta` that the code does not contain. */
export function freshMeta(code: string): string {
  return metaNames.find((name) => !code.includes(name)) ?? fresh("$importMeta", code);
}

/**
 * A kernel cell as a script that evaluates to an async function of its inputs, every line where it
 * was: static imports become awaited calls of `importModule`, `import.meta` becomes a parameter, and
 * the value of a last expression is kept for the preview.
 */
export function compileKernel(
  analysis: CellAnalysis,
  { inputs, outputs }: Connections,
): CompiledKernel {
  const { code, expression, last, beforeLast = 0 } = analysis;
  const importName = fresh("$import", code);
  const valueName = fresh("$value", code);
  const metaName = freshMeta(code);
  const edits: Edit[] = [
    ...analysis.imports.map((found) => ({
      range: found.range,
      text: rewriteImport(found, importName),
    })),
    ...analysis.metas.map((range) => ({ range, text: metaName })),
  ];
  let before = expression ? `return {outputs: {}, value: (` : "";
  if (last) {
    // Behind the statement before it, where nothing of its own line has to move.
    const start = `;${valueName} = (`;
    if (beforeLast > 0) edits.push({ range: [beforeLast, beforeLast], text: start });
    else before = start;
    edits.push({ range: [last[1], last[1]], text: ")" });
  }
  const rewritten = rewrite(
    code,
    edits.toSorted((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]),
  );
  const parameters = [importName, metaName, ...inputs].join(", ");
  const after = expression
    ? ")}"
    : `;return {outputs: {${outputs.join(", ")}}, value: ${valueName}}`;
  return {
    code: `(async (${parameters}) => {"use strict"; let ${valueName}; ${before}\n${rewritten.code}\n${after}})`,
    linesBefore: 1,
    original: (position) => {
      const { line, column } = rewritten.original(position);
      // The engine blames a whole statement for some errors, and the last one begins before its own code.
      const start = last && positionAt(code, beforeLast);
      const isBefore = line < 1 || (line === start?.line && column === start.column);
      return last && isBefore ? positionAt(code, last[0]) : { line, column };
    },
  };
}

function rewriteImport(found: StaticImport, importName: string): string {
  const bound = bindingsOfImport(found, importName);
  return found.bindings.length > 0 ? `const ${bound};` : `${bound};`;
}

/** What an import binds, as it stands behind `const`: `a=await …,{"b":c}=a`; the bare call when nothing. */
export function bindingsOfImport(
  { specifier, bindings, attributes }: StaticImport,
  importName: string,
): string {
  const whole = bindings.find(({ imported }) => imported === "*");
  const named = bindings.filter((binding) => binding !== whole);
  const names = named.map(({ imported }) => imported);
  const parts = [specifier, names, attributes].map((part) => JSON.stringify(part));
  const call = `await ${importName}(${parts.join(",")})`;
  const pattern = named.map(({ imported, local }) => `${JSON.stringify(imported)}:${local}`).join();
  if (whole && named.length > 0) return `${whole.local}=${call},{${pattern}}=${whole.local}`;
  if (whole) return `${whole.local}=${call}`;
  return named.length > 0 ? `{${pattern}}=${call}` : call;
}

/** A name that the code does not contain. */
export function fresh(name: string, code: string): string {
  let found = name;
  while (code.includes(found)) found += "$";
  return found;
}
