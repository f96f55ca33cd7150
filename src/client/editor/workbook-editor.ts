import type { NewCell } from "../../editing/index.ts";
import type { EditedCell } from "../../protocol/index.ts";
import type { ModelChange } from "../document/index.ts";
import { ActionMenus } from "./action-menus.ts";
import type { ActionName } from "./actions.ts";
import { CellDrag } from "./cell-drag.ts";
import type { CellEditor, CursorPlace } from "./cell-editor.ts";
import { CellEditors, type CellEditorsParts, type EditedPlace } from "./cell-editors.ts";
import { frameCell } from "./cell-frame.ts";
import { CellStructure } from "./cell-structure.ts";
import { CellTransfer } from "./cell-transfer.ts";
import { ChosenCells } from "./chosen-cells.ts";
import { editorActions, needsWriting } from "./editor-actions.ts";
import { EmptyNote } from "./empty-note.ts";
import { firstInView } from "./first-in-view.ts";
import { KeyListener } from "./key-listener.ts";
import { KeyTable } from "./key-table.ts";
import { isMacHere } from "./keys.ts";
import { ModeLine } from "./mode-line.ts";
import type { OpenDocument } from "./open-document.ts";

export type { EditedPlace } from "./cell-editors.ts";

/** What an editor of a workbook needs of the page around it. */
export interface WorkbookEditorParts extends Pick<CellEditorsParts, "code" | "text"> {
  readonly document: OpenDocument;
  /** What the cells stand in. */
  readonly list: HTMLElement;
  place(id: string): EditedPlace | undefined;
  /** Runs code cells as they are written now. */
  run(cells: readonly string[] | undefined): void;
  /** Whether the workbook is shown to be written. */
  isWriting(): boolean;
  stop(): void;
  restart(): void;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
  /** Actions that others of the page do: panels, views, what the language service knows. */
  readonly others: Readonly<Partial<Record<ActionName, (cell: string | undefined) => void>>>;
}

/** The person's hands on a workbook: which cells are chosen, which is written in, what keys do. */
export class WorkbookEditor {
  /** Stands at the foot of the page. */
  readonly modeLine: ModeLine = new ModeLine();
  readonly #parts: WorkbookEditorParts;
  readonly #keys = new KeyTable(isMacHere(), localStorage);
  readonly #chosen: ChosenCells;
  readonly #editors: CellEditors;
  readonly #structure: CellStructure;
  readonly #transfer: CellTransfer;
  readonly #menus: ActionMenus;
  /** What this editor does by itself. */
  readonly #own: ReturnType<typeof editorActions>;
  readonly #listener: KeyListener;
  readonly #drag: CellDrag;
  readonly #closing = new AbortController();
  readonly #followers = new Set<() => void>();
  readonly #empty: EmptyNote;

  constructor(parts: WorkbookEditorParts) {
    this.#parts = parts;
    this.#chosen = new ChosenCells({
      element: (id) => parts.place(id)?.element,
      changed: () => this.#chose(),
    });
    this.#editors = new CellEditors({
      ...parts,
      focused: (id) => this.#chosen.choose(id),
      key: (event, editor) => editor.wants(event) && this.#listener.take(event, "edit"),
      beyond: (id, direction) => this.#goBeyond(id, direction),
    });
    this.#structure = new CellStructure({ ...parts, chosen: this.#chosen });
    const around = {
      chosen: this.#chosen,
      keys: this.#keys,
      place: (id: string) => parts.place(id),
      visit: (id: string) => this.visit(id),
      takeFocus: () => this.takeFocus(),
    };
    this.#transfer = new CellTransfer({ ...parts, ...around, structure: this.#structure });
    this.#menus = new ActionMenus({
      ...around,
      cell: (id) => this.#cell(id),
      has: (name) => this.#has(name),
      act: (name) => this.act(name),
      keysChanged: () => this.#showMode(),
    });
    this.#own = editorActions({
      ...parts,
      ...around,
      editors: this.#editors,
      structure: this.#structure,
      transfer: this.#transfer,
      menus: this.#menus,
      write: (id, at) => this.write(id, at),
      insert: (after, kind) => this.insert(after, kind),
    });
    this.#listener = new KeyListener({
      table: this.#keys,
      can: (name) => this.#canNow(name),
      act: (name) => this.act(name),
    });
    this.#drag = new CellDrag({
      list: parts.list,
      dragged: (id) => {
        if (!this.#chosen.ids.includes(id)) this.#chosen.visit(id);
        return this.#chosen.ids;
      },
      move: (ids, after) => {
        this.#structure.move(ids, after);
        this.#chosen.focus();
      },
    });
    this.#empty = new EmptyNote({
      list: parts.list,
      insert: (kind) => this.insert(null, kind),
      keys: () => ({
        insert: this.#keys.shortText("insertBelow"),
        paste: this.#keys.shortText("paste"),
      }),
    });
    const { signal } = this.#closing;
    document.addEventListener("focusin", () => this.#showMode(), { signal });
    document.addEventListener("focusout", () => this.#showMode(), { signal });
  }

  dispose(): void {
    this.#closing.abort();
    this.#transfer.dispose();
    this.#listener.dispose();
    this.#drag.dispose();
    this.#editors.dispose();
  }

  /**
   * The document is another one, and the cells on the page are those of it.
   *
   * @param change what led to it; the editor that made it has it already
   */
  refresh(change?: Pick<ModelChange, "by" | "texts">): void {
    const { cells } = this.#parts.document.content;
    this.#editors.refresh(cells, change);
    for (const { id } of cells) this.#frame(id);
    const isFirst = this.#chosen.order.length === 0 && cells.length > 0;
    this.#chosen.follow(cells.map(({ id }) => id));
    this.#empty.show(cells.length === 0);
    if (isFirst && this.#parts.isWriting() && this.current === undefined) this.#begin();
  }

  /** The page shows these cells as they were when they were last run: what is edited is shown again. */
  redefined(ids: Iterable<string>): void {
    this.#editors.forgetShown(ids);
  }

  /** The workbook is shown to be written now, or to be read. */
  viewed(): void {
    if (this.#parts.isWriting()) this.#begin();
    else {
      const hadFocus = this.#editors.focused !== undefined;
      this.#editors.closeOthers(undefined);
      if (hadFocus) this.#chosen.focus();
    }
    this.#editors.viewed();
    this.#showMode();
  }

  /** The cell that is current. */
  get current(): string | undefined {
    return this.#chosen.current;
  }

  /** Calls `listener` when another cell is current, until the signal aborts. */
  follow(listener: () => void, signal: AbortSignal): void {
    this.#followers.add(listener);
    signal.addEventListener("abort", () => this.#followers.delete(listener), { once: true });
  }

  /** Where the person is: the current cell, and the cursor when it is written in. */
  get place(): { readonly cell: string; readonly offset?: number } | undefined {
    const cell = this.current;
    if (cell === undefined) return undefined;
    const offset = this.#editors.focused === cell ? this.#editors.get(cell)?.offset : undefined;
    return { cell, ...(offset !== undefined && { offset }) };
  }

  /** Makes a cell current and shows it; with an offset, writes there. */
  visit(id: string, offset?: number): void {
    if (offset !== undefined) this.write(id, offset);
    else {
      this.#editors.closeOthers(undefined);
      this.#chosen.visit(id);
    }
  }

  /** What had the focus is gone from the page: the current cell has it, or what an empty workbook offers. */
  takeFocus(): void {
    if (this.current !== undefined) this.#chosen.focus();
    else this.#empty.focus();
  }

  /** The editor of a cell, when there is one. */
  editor(id: string): CellEditor | undefined {
    return this.#editors.get(id);
  }

  /** Opens a cell for writing. */
  write(id: string, at?: CursorPlace): void {
    this.#editors.closeOthers(id);
    if (this.#editors.write(id, at)) this.#chosen.choose(id);
  }

  /** Shows a part of a cell's text, selected; the focus stays where it is. */
  show(id: string, anchor: number, head: number): void {
    if (this.#editors.show(id, anchor, head)) this.#chosen.choose(id);
  }

  /** Does one of the things that can be done; what needs the workbook to be written shows it so. */
  act(name: ActionName): void {
    if (!this.#parts.isWriting() && needsWriting(name)) this.#parts.others.toggleView?.(undefined);
    const other = this.#parts.others[name];
    if (other) other(this.current);
    else this.#own[name]?.();
  }

  insert(after: string | null, kind: NewCell["kind"]): void {
    if (!this.#parts.isWriting()) this.#parts.others.toggleView?.(undefined);
    this.write(this.#structure.insert(after, kind), "start");
  }

  #has(name: ActionName): boolean {
    return name in this.#parts.others || name in this.#own;
  }

  #canNow(name: ActionName): boolean {
    return this.#has(name) && (this.#parts.isWriting() || !needsWriting(name));
  }

  #cell(id: string): EditedCell | undefined {
    return this.#parts.document.content.cells.find((cell) => cell.id === id);
  }

  #frame(id: string): void {
    const place = this.#parts.place(id);
    if (!place) return;
    frameCell(place.element, id, {
      choose: (cell, extend) => {
        if (extend) this.#chosen.extend(cell);
        else this.#chosen.choose(cell);
        if (extend) this.#chosen.focus();
      },
      write: (cell, point) => {
        if (!this.#parts.isWriting()) return;
        this.write(cell);
        const view = this.#editors.get(cell)?.view;
        const at = view?.posAtCoords(point);
        if (view && at != null) view.dispatch({ selection: { anchor: at } });
      },
      insert: (cell, kind, isAbove) =>
        this.insert(isAbove ? (this.#chosen.neighbour(cell, -1) ?? null) : cell, kind),
      menu: (cell, at) => this.#menus.openCellMenu(cell, at),
    });
  }

  #chose(): void {
    this.#showMode();
    for (const listener of this.#followers) listener();
  }

  #showMode(): void {
    this.modeLine.show(
      { writing: this.#editors.focused, chosen: this.#chosen.ids.length },
      {
        leave: this.#keys.shortText("leave"),
        enter: this.#keys.shortText("enter"),
        help: this.#keys.shortText("help"),
      },
    );
  }

  /** The first cell in view is current when none is, and has the focus when nothing else has. */
  #begin(): void {
    const first = firstInView(this.#chosen.order, (id) => this.#parts.place(id)?.element);
    if (this.current === undefined && first !== undefined) this.#chosen.choose(first);
    if (document.activeElement !== document.body || this.current === undefined) return;
    this.#parts.place(this.current)?.element.focus({ preventScroll: true });
  }

  #goBeyond(id: string, direction: "up" | "down"): boolean {
    const to = this.#chosen.neighbour(id, direction === "up" ? -1 : 1);
    if (to === undefined) return false;
    if (this.#cell(to)?.kind === "prose" && !this.#editors.get(to)) this.visit(to);
    else this.write(to, direction === "down" ? "start" : "end");
    return true;
  }
}
