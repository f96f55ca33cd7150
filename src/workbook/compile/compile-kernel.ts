import type { CellAnalysis, Position } from "../workbook.ts";
import { cellScript, scriptNames } from "./cell-script.ts";
import type { Connections } from "./compile-browser.ts";

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

/**
 * A kernel cell as a script that evaluates to an async function of its inputs, every line where it
 * was: static imports become awaited calls of `importModule`, `import.meta` becomes a parameter, and
 * the value of a last expression is kept for the preview.
 */
export function compileKernel(
  analysis: CellAnalysis,
  { inputs, outputs }: Connections,
): CompiledKernel {
  const names = scriptNames(analysis.code);
  const { code, before, original } = cellScript(analysis, {
    names,
    expressionStart: "return {outputs: {}, value: (",
    importText: (bound, binds) => (binds ? `const ${bound};` : `${bound};`),
  });
  const parameters = [names.importModule, names.meta, ...inputs].join(", ");
  const after = analysis.expression
    ? ")}"
    : `;return {outputs: {${outputs.join(", ")}}, value: ${names.value}}`;
  return {
    code: `(async (${parameters}) => {"use strict"; let ${names.value}; ${before}\n${code}\n${after}})`,
    linesBefore: 1,
    original,
  };
}
