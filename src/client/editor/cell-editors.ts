import type { Extension } from "@codemirror/state";
import { changesBetween } from "../../editing/index.ts";
import type { EditedCell } from "../../protocol/index.ts";
import { highlight } from "../../workbook/index.ts";
import type { ModelChange } from "../document/index.ts";
import { CellEditor, type CursorPlace } from "./cell-editor.ts";
import { NearView } from "./near-view.ts";
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
  readonly document: Pick<OpenDocument, "content" | "type" | "pause">;
  place(id: string): EditedPlace | undefined;
  /** Whether the workbook is shown to be written. */
  isWriting(): boolean;
  /** An editor has the focus. */
  focused(id: string): void;
  /** A key is pressed in an editor; true when it is taken. */
  key(event: KeyboardEvent, editor: CellEditor): boolean;
  /** The cursor wants to go beyond the text; true when it went. */
  beyond(id: string, direction: "up" | "down"): boolean;
  /** What an editor of a code cell can do beside writing. */
  code?(id: string): Extension;
  /** What an editor of any cell can. */
  text?(id: string): Extension;
}

/** The editors of the cells that are written in or near the view, and the sources of the others as they are read. */
export class CellEditors {
  readonly #parts: CellEditorsParts;
  readonly #open = new Map<string, CellEditor>();
  /** Sources that are read where no editor is. */
  readonly #shown = new Map<string, string>();
  readonly #nearView: NearView = new NearView(
    (id) => this.#prepare(id),
    (id) => this.#rest(id),
  );
  /** Prose whose editor only shows something, until something else is shown. */
  #shownProse: string | undefined;

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
  write(id: string, at?: CursorPlace): boolean {
    const editor = this.#opened(id);
    if (this.#shownProse === id) this.#shownProse = undefined;
    editor?.focus(at);
    return editor !== undefined;
  }

  /** Shows a part of a cell's text, selected; the focus stays where it is. */
  show(id: string, anchor: number, head: number): boolean {
    const before = this.#shownProse;
    if (before !== undefined && before !== id) this.close(before);
    const isNew = !this.#open.has(id);
    const editor = this.#opened(id);
    const isProse = this.#cell(id)?.kind === "prose";
    this.#shownProse = isProse && (isNew || before === id) ? id : undefined;
    editor?.select({ anchor, head });
    return editor !== undefined;
  }

  /** The workbook is shown to be written, or to be read: the sources of its cells then as well. */
  viewed(): void {
    if (this.#parts.isWriting()) this.#nearView.again();
    else for (const id of [...this.#open.keys()]) this.#rest(id, true);
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
    this.#nearView.dispose();
    for (const editor of this.#open.values()) editor.destroy();
  }

  #refresh(cell: EditedCell, change: Pick<ModelChange, "by" | "texts"> | undefined): void {
    const { id, kind, source } = cell;
    this.#watch(id);
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
      changed: (changes, { anchor, head }, isTyping) => {
        const { document } = this.#parts;
        // What is pasted, completed or moved is taken back by itself.
        if (!isTyping) document.pause();
        document.type(id, changes, { by: editor, place: { cell: id, anchor, head } });
        if (!isTyping) document.pause();
      },
      moved: () => this.#parts.document.pause(),
      focused: () => this.#parts.focused(id),
      key: (event) => this.#parts.key(event, editor),
      beyond: (direction) => this.#parts.beyond(id, direction),
      ...(this.#parts.code && { code: this.#parts.code(id) }),
      ...(this.#parts.text && { text: this.#parts.text(id) }),
    });
    return editor;
  }

  /** The editor of a cell, in its place. */
  #opened(id: string): CellEditor | undefined {
    const cell = this.#cell(id);
    const place = this.#parts.place(id);
    if (!cell || !place) return undefined;
    const editor = this.#open.get(id) ?? this.#make(cell);
    this.#open.set(id, editor);
    place.write(editor.view.dom);
    return editor;
  }

  #watch(id: string): void {
    const cell = this.#parts.place(id)?.element;
    const source = cell?.querySelector(":scope > .code");
    if (cell && source) this.#nearView.watch(cell, source, id);
  }

  /** A code cell that comes near what is seen gets its editor before it is needed. */
  #prepare(id: string): void {
    const isCode = this.#cell(id)?.kind !== "prose";
    if (isCode && this.#parts.isWriting() && !this.#open.has(id)) this.#opened(id);
  }

  /** A cell far from what is seen is read; so is one that is seen, when `always`. */
  #rest(id: string, always = false): void {
    const editor = this.#open.get(id);
    const cell = this.#cell(id);
    const place = this.#parts.place(id);
    if (!editor || !cell || !place || (editor.view.hasFocus && !always)) return;
    if (cell.kind !== "prose") place.read(highlight(cell.source));
    place.write(undefined);
    this.#forget(id, editor);
    this.#shown.set(id, cell.source);
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
