import { startCompletion } from "@codemirror/autocomplete";
import { toggleComment } from "@codemirror/commands";
import type { NewCell } from "../../editing/index.ts";
import type { EditedCell } from "../../protocol/index.ts";
import type { ModelChange } from "../document/index.ts";
import { type ActionName, actions } from "./actions.ts";
import { CellDrag } from "./cell-drag.ts";
import type { CellEditor, CursorPlace } from "./cell-editor.ts";
import { CellEditors, type CellEditorsParts, type EditedPlace } from "./cell-editors.ts";
import { frameCell } from "./cell-frame.ts";
import { cellMenu } from "./cell-menu.ts";
import { CellStructure } from "./cell-structure.ts";
import { ChosenCells } from "./chosen-cells.ts";
import { CellClipboard, pastedCells } from "./clipboard.ts";
import { ask } from "./dialog.ts";
import { emptyNote } from "./empty-note.ts";
import { openHelpSheet } from "./help-sheet.ts";
import { isWriting, KeyListener } from "./key-listener.ts";
import { KeyTable } from "./key-table.ts";
import { isMacHere } from "./keys.ts";
import { openMenu } from "./menu.ts";
import { ModeLine } from "./mode-line.ts";
import type { OpenDocument } from "./open-document.ts";
import { openPalette } from "./palette.ts";

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
  readonly #clipboard = new CellClipboard(localStorage);
  readonly #chosen: ChosenCells;
  readonly #editors: CellEditors;
  readonly #structure: CellStructure;
  readonly #listener: KeyListener;
  readonly #drag: CellDrag;
  readonly #closing = new AbortController();
  #empty: HTMLElement | undefined;

  constructor(parts: WorkbookEditorParts) {
    this.#parts = parts;
    this.#chosen = new ChosenCells({
      element: (id) => parts.place(id)?.element,
      changed: () => this.#showMode(),
    });
    this.#editors = new CellEditors({
      ...parts,
      focused: (id) => this.#chosen.choose(id),
      key: (event, editor) => editor.wants(event) && this.#listener.take(event, "edit"),
      beyond: (id, direction) => this.#goBeyond(id, direction),
    });
    this.#structure = new CellStructure({ ...parts, chosen: this.#chosen });
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
    const { signal } = this.#closing;
    document.addEventListener("copy", this.#onCopy, { signal });
    document.addEventListener("cut", this.#onCopy, { signal });
    document.addEventListener("paste", this.#onPaste, { signal });
    document.addEventListener("focusin", () => this.#showMode(), { signal });
    document.addEventListener("focusout", () => this.#showMode(), { signal });
  }

  dispose(): void {
    this.#closing.abort();
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
    this.#showEmpty();
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
    else this.#empty?.querySelector("button")?.focus();
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
    else this.#doers[name]?.();
  }

  insert(after: string | null, kind: NewCell["kind"]): void {
    if (!this.#parts.isWriting()) this.#parts.others.toggleView?.(undefined);
    this.write(this.#structure.insert(after, kind), "start");
  }

  readonly #doers: Readonly<Partial<Record<ActionName, () => void>>> = {
    run: () => this.#run(),
    runNext: () => {
      this.#run();
      if (this.#chosen.order.at(-1) === this.current) this.insert(this.#last, "browser");
      else this.#chosen.step(1);
    },
    runInsert: () => {
      this.#run();
      this.insert(this.#last, "browser");
    },
    runStale: () => this.#parts.run(undefined),
    runAbove: () => {
      const { order } = this.#chosen;
      const above = order.slice(0, order.indexOf(this.current ?? "") + 1);
      this.#parts.run(above.filter((id) => this.#cell(id)?.kind !== "prose"));
    },
    stop: () => this.#parts.stop(),
    restart: async () => {
      const text = "What it holds is computed again.";
      if (await ask("Restart the kernel?", text, "Restart")) this.#parts.restart();
    },
    insertAbove: () => this.#insertAs(this.#chosen.neighbour(this.current, -1) ?? null, "browser"),
    insertBelow: () => this.#insertAs(this.#last, "browser"),
    insertKernelBelow: () => this.#insertAs(this.#last, "kernel"),
    insertTextBelow: () => this.#insertAs(this.#last, "prose"),
    delete: () => {
      const undo = this.#keys.shortText("undoCells");
      this.#structure.delete("delete", `deleted${undo && `; ${undo} takes it back`}`);
      this.takeFocus();
    },
    undoCells: () => this.#again("undo"),
    redoCells: () => this.#again("redo"),
    copy: () => this.#copy(),
    cut: () => this.#cut(),
    paste: () => this.#paste(this.#clipboard.last?.text ?? ""),
    duplicate: () => this.#structure.duplicate(),
    toText: () => this.#structure.become("prose"),
    toCode: () => this.#structure.become("browser"),
    toKernel: () => this.#structure.become("kernel"),
    moveUp: () => this.#shift("up"),
    moveDown: () => this.#shift("down"),
    split: () => {
      const { current } = this;
      const editor = this.#editors.get(current);
      const lower = editor && this.#structure.split(current!, editor.offset);
      if (lower) this.write(lower, "start");
    },
    merge: () => {
      this.#structure.merge();
      this.#chosen.focus();
    },
    runLive: () => this.#structure.rerun(null),
    runOnDemand: () => this.#structure.rerun("demand"),
    runOnce: () => this.#structure.rerun("once"),
    enter: () => this.current !== undefined && this.write(this.current),
    leave: () => this.current !== undefined && this.visit(this.current),
    next: () => this.#chosen.step(1),
    previous: () => this.#chosen.step(-1),
    extendNext: () => this.#chosen.step(1, true),
    extendPrevious: () => this.#chosen.step(-1, true),
    selectAll: () => {
      const { order } = this.#chosen;
      const [first, last] = [order[0], order.at(-1)];
      if (first && last) this.#chosen.choose(last, first);
    },
    first: () => this.#chosen.order[0] !== undefined && this.visit(this.#chosen.order[0]),
    last: () => {
      const last = this.#chosen.order.at(-1);
      if (last !== undefined) this.visit(last);
    },
    complete: () => this.#withView(startCompletion),
    comment: () => this.#withView(toggleComment),
    palette: () => this.#openPalette(),
    help: () => this.#openHelp(),
  };

  #has(name: ActionName): boolean {
    return name in this.#parts.others || name in this.#doers;
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
      menu: (cell, at) => this.#openMenu(cell, at),
    });
  }

  #showEmpty(): void {
    const isEmpty = this.#chosen.order.length === 0;
    if (!isEmpty) this.#empty?.remove();
    if (isEmpty === (this.#empty !== undefined)) return;
    this.#empty = undefined;
    if (!isEmpty) return;
    const keys = {
      insert: this.#keys.shortText("insertBelow"),
      paste: this.#keys.shortText("paste"),
    };
    this.#empty = emptyNote((kind) => this.insert(null, kind), keys);
    this.#parts.list.append(this.#empty);
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
    const { order } = this.#chosen;
    const isSeen = (id: string) =>
      (this.#parts.place(id)?.element.getBoundingClientRect().bottom ?? 0) > topOfView;
    const first = order.find(isSeen) ?? order[0];
    if (this.current === undefined && first !== undefined) this.#chosen.choose(first);
    if (document.activeElement !== document.body || this.current === undefined) return;
    this.#parts.place(this.current)?.element.focus({ preventScroll: true });
  }

  /** The cell that new ones stand behind. */
  get #last(): string | null {
    return this.current ?? this.#chosen.order.at(-1) ?? null;
  }

  /** A new cell: who writes goes on writing, in it, and who chooses cells goes on choosing, from it. */
  #insertAs(after: string | null, kind: NewCell["kind"]): void {
    if (this.#editors.focused !== undefined) this.insert(after, kind);
    else this.visit(this.#structure.insert(after, kind));
  }

  #goBeyond(id: string, direction: "up" | "down"): boolean {
    const to = this.#chosen.neighbour(id, direction === "up" ? -1 : 1);
    if (to === undefined) return false;
    if (this.#cell(to)?.kind === "prose" && !this.#editors.get(to)) this.visit(to);
    else this.write(to, direction === "down" ? "start" : "end");
    return true;
  }

  #run(): void {
    const { ids } = this.#chosen;
    const hadFocus = ids.some((id) => this.#editors.focused === id);
    for (const id of ids) this.#editors.close(id);
    const code = ids.filter((id) => this.#cell(id)?.kind !== "prose");
    if (code.length > 0) this.#parts.run(code);
    if (hadFocus && this.#editors.focused === undefined) this.#chosen.focus();
  }

  #shift(direction: "up" | "down"): void {
    const { focused } = this.#editors;
    this.#structure.shift(direction);
    if (focused === undefined) this.#chosen.focus();
    else if (this.current !== undefined) {
      this.#parts.place(this.current)?.element.scrollIntoView({ block: "nearest" });
    }
  }

  /** Takes back or does again; who chooses cells goes on choosing, who writes goes on writing. */
  #again(direction: "undo" | "redo"): void {
    const { document } = this.#parts;
    const isUndo = direction === "undo";
    const label = isUndo ? document.undoLabel : document.redoLabel;
    if (label === undefined) {
      this.#parts.say(isUndo ? "There is nothing to take back" : "Nothing was taken back");
      return;
    }
    const wasWriting = this.#editors.focused !== undefined;
    const place = isUndo ? document.undo() : document.redo();
    this.#parts.say(`${isUndo ? "Taken back" : "Done again"}: ${label}`);
    const cell = place && this.#cell(place.cell) ? place.cell : this.current;
    if (cell === undefined) this.takeFocus();
    else if (wasWriting && place?.head !== undefined) {
      this.write(cell, { anchor: place.anchor ?? place.head, head: place.head });
    } else this.visit(cell);
  }

  #copy(isCut = false): string {
    const ids = new Set(this.#chosen.ids);
    if (ids.size === 0) return "";
    const cells = this.#parts.document.content.cells.filter(({ id }) => ids.has(id));
    const { text } = this.#clipboard.put(cells, isCut);
    // Where the browser lets no page write to its clipboard, cells are pasted within Simile only.
    void navigator.clipboard?.writeText(text).catch(() => undefined);
    this.#parts.say(ids.size === 1 ? "1 cell copied" : `${ids.size} cells copied`);
    return text;
  }

  #cut(): string {
    const text = this.#copy(true);
    const paste = this.#keys.shortText("paste");
    this.#structure.delete("cut", `cut${paste && `; ${paste} pastes`}`);
    this.takeFocus();
    return text;
  }

  #paste(text: string): void {
    const pasted = this.#structure.paste(pastedCells(text, this.#clipboard.last));
    this.#clipboard.pasted();
    if (pasted !== undefined) this.visit(pasted);
    else this.#parts.say("There is nothing to paste");
  }

  /** Whether what is copied and pasted is cells. */
  #isOfCells(): boolean {
    const isText = document.getSelection()?.isCollapsed === false;
    return this.#parts.isWriting() && !isText && !isWriting(document.activeElement);
  }

  readonly #onCopy = (event: ClipboardEvent): void => {
    if (!this.#isOfCells() || this.#chosen.ids.length === 0) return;
    const text = event.type === "cut" ? this.#cut() : this.#copy();
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    if (!this.#isOfCells()) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text === "") return;
    event.preventDefault();
    this.#paste(text);
  };

  #withView(act: (view: CellEditor["view"]) => void): void {
    const editor = this.#editors.get(this.current);
    if (editor) act(editor.view);
  }

  #openMenu(id: string, at: HTMLElement): void {
    if (!this.#chosen.ids.includes(id)) this.#chosen.choose(id);
    const cell = this.#cell(id);
    if (!cell) return;
    const groups = cellMenu(cell, {
      can: (name) => this.#has(name),
      keys: (name) => this.#keys.shortText(name),
      act: (name) => {
        this.#parts.place(id)?.element.focus({ preventScroll: true });
        this.act(name);
      },
    });
    openMenu(at, `Cell ${id}`, groups);
  }

  #openPalette(): void {
    const names = (Object.keys(actions) as ActionName[]).filter(
      (name) => name !== "palette" && this.#has(name),
    );
    const doing = names.map((name) => ({
      title: actions[name].title,
      detail: this.#keys.shortText(name),
      choose: () => this.act(name),
    }));
    const going = this.#chosen.order.map((id) => ({
      title: `Go to ${id}`,
      choose: () => this.visit(id),
    }));
    openPalette("What do you want to do?", [...doing, ...going]);
  }

  #openHelp(): void {
    openHelpSheet(
      this.#keys,
      (name) => this.#has(name),
      () => this.#showMode(),
    );
  }
}

/** Below the line at the top, in px. */
const topOfView = 64;

/** Whether an action is done with cells as they are written: when the workbook is read, its keys are not heard. */
function needsWriting(name: ActionName): boolean {
  const ofRun = name === "run" || name === "runNext" || name === "runInsert" || name === "runAbove";
  const { group } = actions[name];
  const isOfWriting = group === "Cells" || group === "Move about" || group === "Write";
  return (isOfWriting && name !== "find") || ofRun || name === "toggleCode";
}
