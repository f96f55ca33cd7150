import type { CellStructure } from "./cell-structure.ts";
import type { ChosenCells } from "./chosen-cells.ts";
import { CellClipboard, pastedCells } from "./clipboard.ts";
import { isWriting } from "./key-listener.ts";
import type { KeyTable } from "./key-table.ts";
import type { OpenDocument } from "./open-document.ts";

/** What copying and pasting cells needs of what is around it. */
export interface CellTransferParts {
  readonly document: Pick<OpenDocument, "content">;
  readonly chosen: ChosenCells;
  readonly structure: CellStructure;
  readonly keys: KeyTable;
  /** Whether the workbook is shown to be written. */
  isWriting(): boolean;
  /** Makes a cell current and shows it. */
  visit(cell: string): void;
  /** What had the focus is gone from the page. */
  takeFocus(): void;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** Cells that are copied, cut and pasted, by an action or by the browser's own commands. */
export class CellTransfer {
  readonly #parts: CellTransferParts;
  readonly #clipboard = new CellClipboard(localStorage);
  readonly #closing = new AbortController();

  constructor(parts: CellTransferParts) {
    this.#parts = parts;
    const { signal } = this.#closing;
    document.addEventListener("copy", this.#onCopy, { signal });
    document.addEventListener("cut", this.#onCopy, { signal });
    document.addEventListener("paste", this.#onPaste, { signal });
  }

  dispose(): void {
    this.#closing.abort();
  }

  /** @returns the text that stands for the chosen cells; none when no cell is chosen */
  copy(): string {
    return this.#copy(false);
  }

  /** As `copy`, and deletes them. */
  cut(): string {
    const text = this.#copy(true);
    const paste = this.#parts.keys.shortText("paste");
    this.#parts.structure.delete("cut", `cut${paste && `; ${paste} pastes`}`);
    this.#parts.takeFocus();
    return text;
  }

  /** Pastes below the chosen cells what a text means, or what was copied last. */
  paste(text: string = this.#clipboard.last?.text ?? ""): void {
    const pasted = this.#parts.structure.paste(pastedCells(text, this.#clipboard.last));
    this.#clipboard.pasted();
    if (pasted !== undefined) this.#parts.visit(pasted);
    else this.#parts.say("There is nothing to paste");
  }

  #copy(isCut: boolean): string {
    const ids = new Set(this.#parts.chosen.ids);
    if (ids.size === 0) return "";
    const cells = this.#parts.document.content.cells.filter(({ id }) => ids.has(id));
    const { text } = this.#clipboard.put(cells, isCut);
    // Where the browser lets no page write to its clipboard, cells are pasted within Simile only.
    void navigator.clipboard?.writeText(text).catch(() => undefined);
    this.#parts.say(ids.size === 1 ? "1 cell copied" : `${ids.size} cells copied`);
    return text;
  }

  /** Whether what is copied and pasted is cells. */
  #isOfCells(): boolean {
    const isText = document.getSelection()?.isCollapsed === false;
    return this.#parts.isWriting() && !isText && !isWriting(document.activeElement);
  }

  readonly #onCopy = (event: ClipboardEvent): void => {
    if (!this.#isOfCells() || this.#parts.chosen.ids.length === 0) return;
    const text = event.type === "cut" ? this.cut() : this.copy();
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    if (!this.#isOfCells()) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text === "") return;
    event.preventDefault();
    this.paste(text);
  };
}
