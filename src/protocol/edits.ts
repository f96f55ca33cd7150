/**
 * An open workbook as it is edited. The server holds the one true sequence of revisions; a page holds
 * the same content, its own edits not yet accepted on top, and asks for them to be accepted. These are
 * plain data; what they do is said, once for both sides, in `src/editing`.
 */

/** A cell as it is edited. */
export interface EditedCell {
  readonly id: string;
  readonly kind: "prose" | "browser" | "kernel";
  /** Name of the language where it is neither TypeScript (code) nor Markdown (prose). */
  readonly mode?: string;
  /** Text of the cell. Lines end in `\n`, whatever they end in in the file. */
  readonly source: string;
  /** Attributes but the id and `kernel`, unknown ones included; `true` for a bare word. */
  readonly attributes: Readonly<Record<string, string | true>>;
  /** Set when the file states no id. */
  readonly anonymous?: true;
  /** What the file had when it was read, to be kept to the byte; nobody but `src/editing` looks into it. */
  readonly kept?: KeptText;
}

/** The file's own text of a cell: what stands around its source, and the source with its line endings. */
export interface KeptText {
  readonly open: string;
  readonly close: string;
  /** In a format that indents and escapes sources: the one that was read, and its text in the file. */
  readonly written?: { readonly source: string; readonly text: string };
  /** The source as it was, when its lines do not all end as in the rest of the file. */
  readonly source?: string;
}

/** A whole workbook as it is edited. */
export interface EditedWorkbook {
  readonly cells: readonly EditedCell[];
  /** Values of the front matter, `title` and `summary` among them. */
  readonly matter: Readonly<Record<string, string>>;
  /** The file's text before the first cell and after the last, as it was read. */
  readonly kept: { readonly front: string; readonly tail: string };
}

/**
 * Changes of a text, as `ChangeSet.toJSON()` of `@codemirror/state` gives them: a number keeps as many
 * UTF-16 units, `[n, ...lines]` replaces n of them by lines.
 */
export type TextChanges = readonly (number | readonly [number, ...string[]])[];

/** One step of an edit. A cell is named by its id, a place by the cell before it (null: at the top). */
export type Operation =
  | { readonly type: "text"; readonly cell: string; readonly changes: TextChanges }
  | { readonly type: "insert"; readonly after: string | null; readonly cell: EditedCell }
  | { readonly type: "delete"; readonly cell: string }
  | { readonly type: "move"; readonly cell: string; readonly after: string | null }
  /** Another kind, other attributes; an attribute that is null is taken away. */
  | {
      readonly type: "set";
      readonly cell: string;
      readonly kind?: EditedCell["kind"];
      readonly attributes?: Readonly<Record<string, string | true | null>>;
    }
  /** A value of the front matter, such as the title; null takes it away. */
  | { readonly type: "matter"; readonly key: string; readonly value: string | null }
  /** What a change on disk did to the text around the cells (or around one): the server's alone. */
  | {
      readonly type: "kept";
      readonly cell: string | null;
      readonly kept: KeptText | EditedWorkbook["kept"] | null;
    };

/** What a person does at once, undone at once: applied wholly or not at all. */
export interface Edit {
  /** Unique for ever, made by its author: an edit sent twice is accepted once. */
  readonly id: string;
  /** What was done, for "Undo …" and for history: "typing", "delete 2 cells". */
  readonly label: string;
  readonly operations: readonly Operation[];
}

/** An edit with its place in the sequence: it leads from revision − 1 to `revision`. */
export interface AcceptedEdit extends Edit {
  readonly revision: number;
  /** The client that made it; none when the file changed on disk. */
  readonly author?: string;
}

/**
 * Names a revision. Two numbers of one `epoch` can be compared; the server begins a new epoch when it
 * cannot know the edits of the one before.
 */
export interface RevisionName {
  readonly epoch: string;
  readonly revision: number;
}

/** A cell that was edited here and changed on disk, in ways that cannot both be kept by themselves. */
export interface CellConflict {
  readonly cell: string;
  /** As it was when they parted, as it is here, as it is on disk; null where there is no such cell. */
  readonly base: string | null;
  readonly mine: string | null;
  readonly theirs: string | null;
}

/** Whether what has been accepted is in the file. */
export type SaveState =
  /** Everything up to `revision` is in the file. */
  | { readonly state: "saved"; readonly revision: number; readonly time: number }
  /** Being written, or about to be. */
  | { readonly state: "saving"; readonly revision: number }
  /**
   * The file cannot be written, `reason` is the sentence to be shown; edits are kept in memory and, unless
   * it says otherwise, in the journal. Tried again at `retry` (ms since 1970); not by itself when absent.
   */
  | {
      readonly state: "failed";
      readonly revision: number;
      readonly reason: string;
      readonly retry?: number;
      /** The journal cannot be written either: only memory holds what is not in the file. */
      readonly unjournaled?: true;
    };
