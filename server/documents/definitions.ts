import { workbookOf } from "../../src/editing/index.ts";
import type { AcceptedEdit, EditedWorkbook } from "../../src/protocol/index.ts";
import { serialiseWorkbook, type Workbook } from "../../src/workbook/index.ts";
import { Applied } from "../editing/applied.ts";
import { readBack } from "../editing/reading-back.ts";
import {
  compareDocuments,
  type Document,
  type DocumentChange,
  describeWorkbook,
} from "./document.ts";

/** Where what led to a change came from. */
export type Cause = "disk" | "edit";

/**
 * What of an edited workbook is defined: code cells as they were last applied, all else as it is now.
 * Described anew when that becomes another, once however many edits come meanwhile.
 */
export class Definitions {
  readonly #now: () => { readonly path: string; readonly content: EditedWorkbook };
  readonly #changed: (change: DocumentChange, cause: Cause) => void;
  readonly #applied: Applied;
  #document: Document = emptyDocument;
  #describing: Promise<void> | undefined;
  #due: Cause | undefined;

  /**
   * @param now the workbook as it is edited, and the path its format goes by
   * @param changed hears that what is defined is another document
   */
  constructor(
    now: () => { readonly path: string; readonly content: EditedWorkbook },
    changed: (change: DocumentChange, cause: Cause) => void,
  ) {
    this.#now = now;
    this.#changed = changed;
    this.#applied = new Applied(now().content);
  }

  get document(): Document {
    return this.#document;
  }

  /** Describes the workbook for the first time; nobody is told. */
  async begin(): Promise<void> {
    this.#document = await describeWorkbook(this.#defined());
  }

  /** Defines code cells as they are now; all without `ids`. */
  apply(ids?: readonly string[]): void {
    this.#applied.apply(this.#now().content, ids);
    this.#describe("edit");
  }

  /** Takes in edits; what they change besides the text of code cells is defined at once. */
  follow(edits: readonly AcceptedEdit[], cause: Cause): void {
    if (this.#applied.follow(this.#now().content, edits, cause === "disk")) this.#describe(cause);
  }

  #describe(cause: Cause): void {
    this.#due ??= cause;
    this.#describing ??= this.#describeDue().finally(() => {
      this.#describing = undefined;
    });
  }

  async #describeDue(): Promise<void> {
    while (this.#due) {
      const cause = this.#due;
      this.#due = undefined;
      const before = this.#document;
      const after = await describeWorkbook(this.#defined(), before);
      this.#document = after;
      const change = compareDocuments(before, after);
      const isSame =
        change.changed.length === 0 &&
        change.removed.length === 0 &&
        before.title === after.title &&
        JSON.stringify(before.diagnostics) === JSON.stringify(after.diagnostics) &&
        before.order.join("\n") === after.order.join("\n");
      if (!isSame) this.#changed(change, cause);
    }
  }

  /** What is to be described: the definitions, where they stand in the file. */
  #defined(): Workbook {
    const { path, content } = this.#now();
    const whole = workbookOf(content);
    const { lines, diagnostics } = readBack(path, serialiseWorkbook(path, whole), whole);
    const workbook = workbookOf(this.#applied.defined(content));
    const cells = workbook.cells.map((cell) => ({
      ...cell,
      line: lines.get(cell.id) ?? cell.line,
    }));
    return { ...workbook, cells, diagnostics };
  }
}

const emptyDocument: Document = {
  title: "",
  order: [],
  cells: new Map(),
  kernelCells: [],
  diagnostics: [],
  graph: { cells: new Map() },
};
