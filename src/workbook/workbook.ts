/** When a cell reruns: by itself, only when asked, or once. */
export type RunMode = "live" | "demand" | "once";

/** Where a cell runs: prose is rendered, browser cells run in the page, kernel cells in Node. */
export type CellKind = "prose" | "browser" | "kernel";

/** One piece of a workbook. */
export interface Cell {
  /** Keeps its identity through edits: `#id` of the fence, else made from position and content. */
  readonly id: string;
  readonly kind: CellKind;
  /**
   * Observable's name of the language when that is neither TypeScript (code) nor Markdown (prose): `js`, or
   * of prose what is kept and not run, as `sql`.
   */
  readonly mode?: string;
  /** Markdown of a prose cell, TypeScript of a code cell; no trailing newline. */
  readonly source: string;
  /** 1-based line of the file on which `source` starts, so that an error can point into the file. */
  readonly line: number;
  readonly run: RunMode;
  /** True when the file states no id: the one it has is made from its content. */
  readonly anonymous?: true;
  /** Every attribute of the fence but `#id`, unknown ones included; `true` for a bare word. */
  readonly attributes?: Readonly<Record<string, string | true>>;
  /** The file's text around `source`, kept to the byte. Leave it out to have the cell written anew. */
  readonly layout?: Layout;
}

/** Text of the file before and after a cell's source: blank lines, fences, markers. */
export interface Layout {
  readonly open: string;
  readonly close: string;
  /** In a format that indents and escapes sources: the one that was read, and its text in the file. */
  readonly written?: { readonly source: string; readonly text: string };
}

/** Something in the file that is not as it should be. Nothing is lost by it. */
export interface Diagnostic {
  readonly message: string;
  /** 1-based line of the file. */
  readonly line: number;
  /** True when it may well be meant: a fence in another language, which stays text. */
  readonly doubt?: true;
}

/** A workbook as a file holds it. Outputs are never in the file. */
export interface Workbook {
  readonly title: string;
  /** One sentence for the home page: `summary` of the front matter, else empty. */
  readonly summary: string;
  readonly cells: readonly Cell[];
  /** Values of the front matter by key, unknown keys included, as text. */
  readonly matter?: Readonly<Record<string, string>>;
  /** The file's text before the first cell's layout: byte order mark and front matter. */
  readonly front?: string;
  /** The file's text after the last cell's layout. */
  readonly tail?: string;
  readonly diagnostics?: readonly Diagnostic[];
}

/** A position in a cell's source: 1-based line, 1-based column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A name that a cell reads but does not declare. */
export interface Reference extends Position {
  readonly name: string;
}

/** What static analysis knows of a code cell. Nothing is run to find it. */
export interface CellAnalysis {
  /** Types blanked in place: same length, same positions as the source. */
  readonly code: string;
  /** True for a single expression, whose value is the cell's output. */
  readonly expression: boolean;
  /** Free names, once each at their first position; globals and builtins included. */
  readonly references: readonly Reference[];
  /** Top-level declarations, imported names included, in order. */
  readonly declarations: readonly string[];
  readonly async: boolean;
  /** Set instead of the rest when the source is not valid; `declarations` are then a guess. */
  readonly error?: { readonly message: string } & Position;
  /** Free names that the cell writes, each time; an error when another cell declares them. */
  readonly assignments: readonly Reference[];
  /** Static imports, in order. */
  readonly imports: readonly StaticImport[];
  /** Ranges of `import.meta` in `code`. */
  readonly metas: readonly Range[];
  /** Range of a program's last statement when that is an expression: its value is the preview. */
  readonly last?: Range;
  /** End of the statement before `last`. */
  readonly beforeLast?: number;
  /** Hash of the syntax tree: comments, types and format do not change it. */
  readonly signature: string;
}

/** Offsets [start, end) in a source. */
export type Range = readonly [start: number, end: number];

/** A static import of a cell. */
export interface StaticImport extends Position {
  /** Of the whole declaration in `code`. */
  readonly range: Range;
  readonly specifier: string;
  /** `imported` is an export's name, `"default"`, or `"*"` for the module itself. */
  readonly bindings: readonly { readonly imported: string; readonly local: string }[];
  /** Import attributes, as `{type: "json"}`. */
  readonly attributes: Readonly<Record<string, string>>;
}
