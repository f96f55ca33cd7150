import type { Extension } from "@codemirror/state";
import { changesBetween } from "../../editing/index.ts";
import type { EditedCell } from "../../protocol/index.ts";
import { highlight } from "../../workbook/index.ts";
import type { ModelChange } from "../document/index.ts";
import { CellEditor } from "./cell-editor.ts";
import type { OpenDocument } from "./open-document.ts";

/** Where a cell is written. */
export interface EditedPlace {
  /** The cell's element on the page. */
  readonly element: HTMLElement;
  /** Shows an editor in place of the source as it is read, or that again. */
  write(editor: HTMLElement | undefined): void;
  /** Shows another source, highlighted, where no editor is. */
  read(html: string): void;
}

/** What editors of cells need of what is around them. */
export interface CellEditorsParts {
  readonly document: Pick<OpenDocument, "content" | "type">;
  place(id: string): EditedPlace | undefined;
  /** An editor has the focus. */
  focused(id: string): void;
  /** A key is pressed in an editor; true when it is taken. */
  key(event: KeyboardEvent, editor: CellEditor): boolean;
  /** The cursor wants to go beyond the text; true when it went. */
  beyond(id: string, direction: "up" | "down"): boolean;
  /** What an editor of a code cell can do beside writing. */
  code?(id: string): Extension;
}

/** The editors of the cells that are written in, and the sources of the others as they are read. */
export class CellEditors {
  readonly #parts: CellEditorsParts;
  readonly #open = new Map<string, CellEditor>();
  /** Sources that are read where no editor is. */
  readonly #shown = new Map<string, string>();

  constructor(parts: CellEditorsParts) {
    this.#parts = parts;
  }

  get(id: string | undefined): CellEditor | undefined {
    return id === undefined ? undefined : this.#open.get(id);
  }

  /** The cell in whose editor the focus is. */
  get focused(): string | undefined {
    for (const [id, { view }] of this.#open) if (view.hasFocus) return id;
    return undefined;
  }

  /** Opens a cell for writing; false when there is no such cell on the page. */
  write(id: string, at?: number | "start" | "end"): boolean {
    const cell = this.#cell(id);
    const place = this.#parts.place(id);
    if (!cell || !place) return false;
    let editor = this.#open.get(id);
    if (!editor) {
      editor = this.#make(cell);
      this.#open.set(id, editor);
    }
    place.write(editor.view.dom);
    editor.focus(at);
    return true;
  }

  /** Prose is read again where it was written. */
  close(id: string): void {
    const editor = this.#open.get(id);
    if (!editor || this.#cell(id)?.kind !== "prose") return;
    this.#parts.place(id)?.write(undefined);
    this.#forget(id, editor);
  }

  /** Prose is read again everywhere but in a cell. */
  closeOthers(id: string | undefined): void {
    for (const other of [...this.#open.keys()]) if (other !== id) this.close(other);
  }

  /** The page shows the sources of these cells as they were when they were last run. */
  forgetShown(ids: Iterable<string>): void {
    for (const id of ids) this.#shown.delete(id);
  }

  /**
   * The cells are others now.
   *
   * @param change what led to it; the editor that made it has it already
   */
  refresh(
    cells: readonly EditedCell[],
    change: Pick<ModelChange, "by" | "texts"> | undefined,
  ): void {
    const ids = new Set(cells.map(({ id }) => id));
    for (const [id, editor] of this.#open) if (!ids.has(id)) this.#forget(id, editor);
    for (const cell of cells) this.#refresh(cell, change);
  }

  dispose(): void {
    for (const editor of this.#open.values()) editor.destroy();
  }

  #refresh(cell: EditedCell, change: Pick<ModelChange, "by" | "texts"> | undefined): void {
    const { id, kind, source } = cell;
    const editor = this.#open.get(id);
    if (!editor) {
      if (this.#shown.get(id) === source) return;
      this.#shown.set(id, source);
      if (kind !== "prose") this.#parts.place(id)?.read(highlight(source));
      return;
    }
    if (editor.kind !== kind && kind === "prose" && !editor.view.hasFocus) {
      this.#forget(id, editor);
      return;
    }
    editor.become(kind);
    this.#settle(id, editor);
    if (change?.by === editor || editor.source === source) return;
    const changes = change?.texts.get(id);
    const fits = changes?.length === editor.source.length;
    editor.apply(changes && fits ? changes : changesBetween(editor.source, source));
  }

  /** A cell that became another kind has another element, where its editor goes on. */
  #settle(id: string, editor: CellEditor): void {
    const place = this.#parts.place(id);
    if (!place || place.element.contains(editor.view.dom)) return;
    place.write(editor.view.dom);
  }

  #make(cell: EditedCell): CellEditor {
    const { id } = cell;
    const editor: CellEditor = new CellEditor(cell, {
      changed: (changes, { anchor, head }) =>
        this.#parts.document.type(id, changes, { by: editor, place: { cell: id, anchor, head } }),
      focused: () => this.#parts.focused(id),
      key: (event) => this.#parts.key(event, editor),
      beyond: (direction) => this.#parts.beyond(id, direction),
      ...(this.#parts.code && { code: this.#parts.code(id) }),
    });
    return editor;
  }

  #cell(id: string): EditedCell | undefined {
    return this.#parts.document.content.cells.find((cell) => cell.id === id);
  }

  #forget(id: string, editor: CellEditor): void {
    editor.destroy();
    this.#open.delete(id);
    this.#shown.delete(id);
  }
}
