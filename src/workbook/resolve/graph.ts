import type { Cell, CellAnalysis } from "../workbook.ts";

/** Why a cell has no value, as far as that is known without running it. */
export interface CellFault {
  /** Class of the error: `"SyntaxError"`, `"CircularDefinition"`, `"Blocked"`. */
  readonly name: string;
  readonly message: string;
  /** Position in the cell's own source. */
  readonly at?: { readonly cell: string; readonly line: number; readonly column: number };
  /** The input whose cell has an error: this one is sound and only waits. */
  readonly blockedBy?: string;
}

/** A code cell among the others. */
export interface ResolvedCell {
  readonly cell: Cell;
  readonly analysis: CellAnalysis;
  /** The last analysis without an error, this one or an earlier; says which names stay in use. */
  readonly lastGood?: CellAnalysis;
  /** Names of other cells and builtins that the cell reads, in the order it first does. */
  readonly inputs: readonly string[];
  /** Those of `inputs` that are builtins. */
  readonly builtins: readonly string[];
  /** The id of the cell that declares each other input. */
  readonly sources: ReadonlyMap<string, string>;
  readonly outputs: readonly string[];
  /** Of a kernel cell: names that browser cells declare and it depends on, through any number of cells. */
  readonly browserInputs: readonly string[];
  /** Of a kernel cell: outputs that a browser cell reads. Not part of the version. */
  readonly wanted: readonly string[];
  /**
   * Changes when the cell's code or its inputs do, and not by comments, types or format: then `code`
   * changes alone, to be used by the next run without causing one.
   */
  readonly version: string;
  readonly error?: CellFault;
}

/** A workbook's code cells and what connects them. */
export interface Graph {
  /** By id, in the order of the page. */
  readonly cells: ReadonlyMap<string, ResolvedCell>;
}
