/**
 * What a page asks of the language service, and what it answers. Asked by `POST /api/language` with a
 * `LanguageQuestion` as JSON; the answer is the `LanguageAnswers` member of the same name as JSON, 404
 * when there is no such workbook, 400 when the question makes no sense. Nothing is ever run, so untrusted
 * workbooks are answered as well.
 *
 * Offsets are UTF-16 units of the source of the cell they belong to, as an editor counts them. Answers
 * speak of the texts that the question carries: a page that has another text by then drops the answer.
 * A page that has no more need for an answer aborts its request, and the question is not worked on.
 */

/** The text of a cell on the screen, where the server's document may not have it yet. */
export interface UnsavedCell {
  readonly id: string;
  readonly kind: "browser" | "kernel";
  readonly source: string;
}

export type LanguageQuestion = {
  /** Path under the root, as in `open`. */
  readonly workbook: string;
  /** Cells in place of those of the document with the same id, or beside them. */
  readonly unsaved: readonly UnsavedCell[];
} & (
  | {
      /** What may stand at `offset`; the list holds good while letters are added to the word there. */
      readonly type: "complete";
      readonly cell: string;
      readonly offset: number;
    }
  | {
      /** More of a completion that the answer to `complete` at the same place has offered. */
      readonly type: "describe";
      readonly cell: string;
      readonly offset: number;
      readonly label: string;
      /** `module` of the completion, when it has one. */
      readonly module?: string;
    }
  | { readonly type: "hover"; readonly cell: string; readonly offset: number }
  | { readonly type: "signature"; readonly cell: string; readonly offset: number }
  | {
      /** What is wrong in the texts of code cells, by TypeScript: syntax, names, types. */
      readonly type: "diagnose";
      /** Only these cells are looked at; without it all. */
      readonly cells?: readonly string[];
    }
  | { readonly type: "define"; readonly cell: string; readonly offset: number }
  | {
      /** Without `to` the answer has no edits: it says whether there is something to rename, and where. */
      readonly type: "rename";
      readonly cell: string;
      readonly offset: number;
      readonly to?: string;
    }
);

/** Answers by the type of the question. */
export interface LanguageAnswers {
  readonly complete: Completions;
  /** Null when there is nothing at the offset. */
  readonly describe: Description | null;
  readonly hover: Hover | null;
  readonly signature: SignatureHelp | null;
  readonly diagnose: readonly CellDiagnostic[];
  readonly define: readonly Definition[];
  readonly rename: Rename;
}

/** A part of a cell's source. */
export interface CellRange {
  readonly cell: string;
  readonly from: number;
  readonly to: number;
}

/** `text` in place of a part of a cell's source. Edits of one answer do not overlap; all hold at once. */
export interface CellEdit extends CellRange {
  readonly text: string;
}

export interface Completions {
  /** The word that a completion replaces. */
  readonly from: number;
  readonly to: number;
  /** In the order in which to offer them. */
  readonly items: readonly Completion[];
}

export interface Completion {
  readonly label: string;
  /** TypeScript's word for what it is: "const", "function", "method", "property", "keyword", … */
  readonly kind: string;
  /** What to insert, when it is not the label. */
  readonly insert?: string;
  /** It must be imported from this module: `describe` gives the edits. Kernel cells only. */
  readonly module?: string;
  /** The cell that declares it, when it is another. */
  readonly cell?: string;
  readonly deprecated?: true;
}

/** A declaration as TypeScript, and its docstring as Markdown. */
export interface Description {
  readonly code: string;
  /** Empty when there is none. */
  readonly docs: string;
  /** Edits that go with the completion, as an import, beside the insertion of its text. */
  readonly edits: readonly CellEdit[];
}

export interface Hover {
  readonly from: number;
  readonly to: number;
  readonly code: string;
  readonly docs: string;
  /** The cell that declares it, when it is another. */
  readonly cell?: string;
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  /** Index of the signature that fits best. */
  readonly active: number;
  /** Index of the parameter at the offset. */
  readonly parameter: number;
}

export interface Signature {
  /** The whole signature as TypeScript. */
  readonly code: string;
  readonly docs: string;
  readonly parameters: readonly {
    /** The part of `code` that is this parameter. */
    readonly from: number;
    readonly to: number;
    readonly docs: string;
  }[];
}

export interface CellDiagnostic extends CellRange {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** TypeScript's number for it. */
  readonly code: number;
}

/** Where a name is declared: in a cell, or in a file beside the workbook or a package. */
export type Definition =
  | CellRange
  | {
      /** Path relative to the workbook, or name of the package. */
      readonly file: string;
      /** 1-based. */
      readonly line: number;
    };

export type Rename =
  | {
      /** The name at the offset, and where it stands. */
      readonly name: string;
      readonly from: number;
      readonly to: number;
      /** In every cell that has the name. Empty when no new name was given. */
      readonly edits: readonly CellEdit[];
    }
  /** Why there is nothing to rename, or why the new name will not do. */
  | { readonly problem: string };
