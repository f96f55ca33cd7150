/** Position inside a cell: 1-based line and column of the cell's own source. */
export interface CellPosition {
  readonly cell: string;
  readonly line: number;
  readonly column: number;
  /** Path of the module, from the workbook's folder where it is below, that the place is in; `cell` is then "". */
  readonly file?: string;
  /** That line of the module. */
  readonly text?: string;
}

/** Why a cell has no value. The sentence first; positions point into the cell's own source. */
export interface CellError {
  /** Class of the error, e.g. `"TypeError"`. */
  readonly name: string;
  readonly message: string;
  readonly at?: CellPosition;
  /** The person's own frames, innermost first; no internal frames. */
  readonly frames?: readonly CellPosition[];
  /** The name whose failure this cell waits for: dependants say what they wait for, once. */
  readonly blockedBy?: string;
}

/** A cell of the open workbook, analysed, ready to define. */
export type CellDefinition = {
  readonly id: string;
  /** Changes exactly when the cell must be redefined (its code or its resolved inputs changed). */
  readonly version: string;
  /** TypeScript or Markdown as in the file. */
  readonly source: string;
  /** Source as highlighted, escaped HTML; for prose the rendered HTML. */
  readonly html: string;
  /** 1-based first line of the source in the file. */
  readonly line: number;
  readonly run: "live" | "demand" | "once";
} & (
  | { readonly kind: "prose" }
  | {
      readonly kind: "browser";
      /** JavaScript of an async function body; see client/define.ts for its calling convention. */
      readonly body: string;
      readonly expression: boolean;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
      readonly error?: CellError;
    }
  | {
      readonly kind: "kernel";
      /** Names of other cells that this one reads itself. */
      readonly inputs: readonly string[];
      /** All browser-defined names this cell depends on, through any number of kernel cells. */
      readonly browserInputs: readonly string[];
      readonly outputs: readonly string[];
      /** Outputs that some browser cell names: only these leave the kernel. */
      readonly wanted: readonly string[];
      readonly error?: CellError;
    }
);

/** What the kernel needs to know of a kernel cell. */
export interface KernelCell {
  readonly id: string;
  readonly version: string;
  /** Types blanked, positions kept. */
  readonly code: string;
  readonly expression: boolean;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly wanted: readonly string[];
  readonly run: "live" | "demand" | "once";
}
