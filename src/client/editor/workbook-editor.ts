import { completionStatus, startCompletion } from "@codemirror/autocomplete";
import { toggleComment } from "@codemirror/commands";
import type { Extension } from "@codemirror/state";
import {
  type CellSteps,
  changesBetween,
  deleteCells,
  duplicateCells,
  insertCells,
  mergeCells,
  moveCells,
  type NewCell,
  pasteCells,
  setCells,
  shiftCells,
  splitCell,
} from "../../editing/index.ts";
import type { EditedCell } from "../../protocol/index.ts";
import { highlight } from "../../workbook/index.ts";
import type { ModelChange } from "../document/index.ts";
import { type ActionName, actions, bindingsOf, keysOf } from "./actions.ts";
import { type Choice, chosenCells, kept, stepped } from "./cell-choice.ts";
import { CellEditor } from "./cell-editor.ts";
import { frameCell } from "./cell-frame.ts";
import { cellsOf, copiedText } from "./clipboard.ts";
import { openHelpSheet } from "./help-sheet.ts";
import { KeySequence } from "./key-sequence.ts";
import { isMacHere, keyOf, keysText, type Mode } from "./keys.ts";
import { openMenu } from "./menu.ts";
import type { OpenDocument } from "./open-document.ts";
import { readOwnKeys, writeOwnKeys } from "./own-keys.ts";
import { openPalette } from "./palette.ts";

/** Where a cell is written. */
export interface EditedPlace {
  /** The cell's element on the page. */
  readonly element: HTMLElement;
  /** Shows an editor in place of the source as it is read, or that again. */
  write(editor: HTMLElement | undefined): void;
  /** Shows another source, highlighted, where no editor is. */
  read(html: string): void;
}

/** What an editor of a workbook needs of the page around it. */
export interface WorkbookEditorParts {
  readonly document: OpenDocument;
  place(id: string): EditedPlace | undefined;
  /** Runs code cells as they are written now. */
  run(cells: readonly string[] | undefined): void;
  /** Whether the workbook is shown to be written. */
  isWriting(): boolean;
  stop(): void;
  restart(): void;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
  /** What an editor of a code cell can do beside writing. */
  code?(id: string): Extension;
  /** Actions that others of the page do: panels, views, what the language service knows. */
  readonly others: Readonly<Partial<Record<ActionName, (cell: string | undefined) => void>>>;
}

/** The person's hands on a workbook: which cells are chosen, which is written in, what keys do. */
export class WorkbookEditor {
  readonly #parts: WorkbookEditorParts;
  readonly #editors = new Map<string, CellEditor>();
  /** Sources that are read where no editor is. */
  readonly #shown = new Map<string, string>();
  readonly #sequence = new KeySequence();
  readonly #isMac = isMacHere();
  #own = readOwnKeys();
  #letters = true;
  #choice: Choice | undefined;
  #order: readonly string[] = [];
  #copied = "";

  constructor(parts: WorkbookEditorParts) {
    this.#parts = parts;
    document.addEventListener("keydown", this.#onKey);
    document.addEventListener("copy", this.#onCopy);
    document.addEventListener("cut", this.#onCopy);
    document.addEventListener("paste", this.#onPaste);
  }

  dispose(): void {
    document.removeEventListener("keydown", this.#onKey);
    document.removeEventListener("copy", this.#onCopy);
    document.removeEventListener("cut", this.#onCopy);
    document.removeEventListener("paste", this.#onPaste);
    for (const editor of this.#editors.values()) editor.destroy();
  }

  /**
   * The document is another one, and the cells on the page are those of it.
   *
   * @param change what led to it; the editor that made it has it already
   */
  refresh(change?: Pick<ModelChange, "by" | "texts">): void {
    const { cells } = this.#parts.document.content;
    const order = cells.map(({ id }) => id);
    for (const [id, editor] of this.#editors) if (!order.includes(id)) this.#forget(id, editor);
    for (const cell of cells) this.#refreshCell(cell, change);
    this.#choice = kept(this.#order, order, this.#choice);
    this.#order = order;
    this.#mark();
  }

  /** The cell that is current. */
  get current(): string | undefined {
    return this.#choice?.current;
  }

  /** Makes a cell current and shows it. */
  visit(id: string, offset?: number): void {
    this.#choose({ anchor: id, current: id });
    if (offset === undefined) this.#parts.place(id)?.element.focus({ preventScroll: true });
    else this.write(id, offset);
    this.#parts.place(id)?.element.scrollIntoView({ block: "nearest" });
  }

  /** The editor of a cell, when there is one. */
  editor(id: string): CellEditor | undefined {
    return this.#editors.get(id);
  }

  /** Opens a cell for writing. */
  write(id: string, at?: number | "start" | "end"): void {
    const cell = this.#cell(id);
    const place = this.#parts.place(id);
    if (!cell || !place) return;
    let editor = this.#editors.get(id);
    if (!editor) {
      editor = this.#open(cell);
      this.#editors.set(id, editor);
    }
    place.write(editor.view.dom);
    this.#choose({ anchor: id, current: id });
    editor.focus(at);
  }

  /** Does one of the things that can be done. */
  act(name: ActionName): void {
    const other = this.#parts.others[name];
    if (other) other(this.current);
    else this.#doers[name]?.();
  }

  insert(after: string | null, kind: NewCell["kind"]): void {
    const steps = insertCells(this.#parts.document.content, after, [{ kind }]);
    this.#edit("insert a cell", steps);
    if (steps.cells[0]) this.write(steps.cells[0], "start");
  }

  readonly #doers: Readonly<Partial<Record<ActionName, () => void>>> = {
    run: () => this.#run(),
    runNext: () => {
      this.#run();
      if (this.#order.at(-1) === this.current) this.insert(this.current ?? null, "browser");
      else this.#step(1);
    },
    runInsert: () => {
      this.#run();
      this.insert(this.current ?? null, "browser");
    },
    runStale: () => this.#parts.run(undefined),
    runAbove: () => this.#parts.run(this.#order.slice(0, this.#order.indexOf(this.current!) + 1)),
    stop: () => this.#parts.stop(),
    restart: () => {
      if (confirm("Restart the kernel? What it holds is computed again.")) this.#parts.restart();
    },
    insertAbove: () => {
      const place = this.#order.indexOf(this.current ?? "");
      this.insert(this.#order[place - 1] ?? null, "browser");
    },
    insertBelow: () => this.insert(this.current ?? null, "browser"),
    insertKernelBelow: () => this.insert(this.current ?? null, "kernel"),
    insertTextBelow: () => this.insert(this.current ?? null, "prose"),
    delete: () => this.#withChosen("delete", deleteCells, "deleted, z takes it back"),
    undoCells: () => this.#again("undo"),
    redoCells: () => this.#again("redo"),
    copy: () => void this.#copy(),
    cut: () => {
      void this.#copy();
      this.#withChosen("cut", deleteCells, "cut");
    },
    paste: () => this.#paste(this.#copied),
    duplicate: () => this.#withChosen("duplicate", duplicateCells),
    toText: () => this.#become("prose"),
    toCode: () => this.#become("browser"),
    toKernel: () => this.#become("kernel"),
    moveUp: () => this.#shift("up"),
    moveDown: () => this.#shift("down"),
    split: () => this.#split(),
    merge: () => this.#merge(),
    runLive: () => this.#rerun(null),
    runOnDemand: () => this.#rerun("demand"),
    runOnce: () => this.#rerun("once"),
    enter: () => this.current && this.write(this.current),
    leave: () => this.#leave(),
    next: () => this.#step(1),
    previous: () => this.#step(-1),
    extendNext: () => this.#step(1, true),
    extendPrevious: () => this.#step(-1, true),
    selectAll: () => {
      const [first, last] = [this.#order[0], this.#order.at(-1)];
      if (first && last) this.#choose({ anchor: first, current: last });
    },
    first: () => this.#order[0] && this.visit(this.#order[0]),
    last: () => this.#order.length > 0 && this.visit(this.#order.at(-1)!),
    complete: () => this.#withView((view) => startCompletion(view)),
    comment: () => this.#withView((view) => toggleComment(view)),
    save: () => this.#parts.document.save(),
    palette: () => this.#openPalette(),
    help: () => this.#openHelp(),
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    if (this.#take(event, "command")) event.preventDefault();
  };

  /** What a pressed key asks for is done; true when it asks for something. */
  #take(event: KeyboardEvent, mode: Mode): boolean {
    const key = keyOf(event);
    if (key === undefined) return false;
    if (mode === "command" && isOthers(event.target, key)) return false;
    const bindings = bindingsOf(mode, this.#own, this.#isMac, this.#letters);
    const found = this.#sequence.press(key, bindings, event.timeStamp);
    if (found === undefined) return false;
    if (found !== "begun") this.act(found);
    return true;
  }

  #open(cell: EditedCell): CellEditor {
    const { id } = cell;
    return new CellEditor(cell, {
      changed: (changes, before) => {
        const editor = this.#editors.get(id);
        const { anchor, head } = before;
        this.#parts.document.type(id, changes, { by: editor, place: { cell: id, anchor, head } });
      },
      focused: () => this.#choose({ anchor: id, current: id }),
      key: (event) => {
        const view = this.#editors.get(id)?.view;
        // A list of completions that is open has its own keys.
        if (view && isOfCompletion(event, view)) return false;
        if (event.key === "Tab" && !event.shiftKey && !(view && isAfterWord(view))) return false;
        return this.#take(event, "edit");
      },
      beyond: (direction) => {
        const by = direction === "up" ? -1 : 1;
        const to = this.#order[this.#order.indexOf(id) + by];
        if (to === undefined) return false;
        if (this.#cell(to)?.kind === "prose" && !this.#editors.has(to)) this.visit(to);
        else this.write(to, by > 0 ? "start" : "end");
        return true;
      },
      ...(this.#parts.code && { code: this.#parts.code(id) }),
    });
  }

  #refreshCell(cell: EditedCell, change: Pick<ModelChange, "by" | "texts"> | undefined): void {
    const place = this.#parts.place(cell.id);
    if (!place) return;
    frameCell(place.element, cell.id, {
      choose: (id, extend) =>
        this.#choose({ anchor: extend && this.#choice ? this.#choice.anchor : id, current: id }),
      write: (id, point) => {
        if (!this.#parts.isWriting()) return;
        this.write(id);
        const view = this.#editors.get(id)?.view;
        const at = view?.posAtCoords(point);
        if (view && at != null) view.dispatch({ selection: { anchor: at } });
      },
      insert: (after, kind) => this.insert(after, kind),
      menu: (id, at) => this.#openMenu(id, at),
      move: (id, after) => this.#move(id, after),
    });
    const editor = this.#editors.get(cell.id);
    if (!editor) {
      if (this.#shown.get(cell.id) === cell.source) return;
      this.#shown.set(cell.id, cell.source);
      if (cell.kind !== "prose") place.read(highlight(cell.source));
      return;
    }
    editor.become(cell.kind);
    if (change?.by === editor || editor.source === cell.source) return;
    const changes = change?.texts.get(cell.id);
    const fits = changes?.length === editor.source.length;
    editor.apply(changes && fits ? changes : changesBetween(editor.source, cell.source));
  }

  #forget(id: string, editor: CellEditor): void {
    editor.destroy();
    this.#editors.delete(id);
    this.#shown.delete(id);
  }

  #cell(id: string): EditedCell | undefined {
    return this.#parts.document.content.cells.find((cell) => cell.id === id);
  }

  get #chosen(): readonly string[] {
    return chosenCells(this.#order, this.#choice);
  }

  #choose(choice: Choice | undefined): void {
    this.#choice = choice;
    this.#mark();
  }

  #mark(): void {
    const chosen = new Set(this.#chosen);
    for (const id of this.#order) {
      const cell = this.#parts.place(id)?.element;
      cell?.classList.toggle("is-chosen", chosen.has(id));
      cell?.classList.toggle("is-current", id === this.current);
    }
  }

  #step(by: number, extend = false): void {
    const choice = stepped(this.#order, this.#choice, by, extend);
    if (!choice) return;
    if (extend) this.#choose(choice);
    else this.visit(choice.current);
    this.#parts.place(choice.current)?.element.scrollIntoView({ block: "nearest" });
  }

  #leave(): void {
    const id = this.current;
    if (id === undefined) return;
    this.#close(id);
    this.visit(id);
  }

  /** Prose is read again where it was written. */
  #close(id: string): void {
    const editor = this.#editors.get(id);
    if (!editor || this.#cell(id)?.kind !== "prose") return;
    this.#parts.place(id)?.write(undefined);
    this.#forget(id, editor);
  }

  #run(): void {
    const chosen = this.#chosen;
    for (const id of chosen) this.#close(id);
    const code = chosen.filter((id) => this.#cell(id)?.kind !== "prose");
    if (code.length > 0) this.#parts.run(code);
    else if (this.current) this.visit(this.current);
  }

  #edit(label: string, { operations, cells }: CellSteps): void {
    if (operations.length === 0) return;
    const { current } = this;
    this.#parts.document.edit(label, operations, current ? { place: { cell: current } } : {});
    const [first, last] = [cells[0], cells.at(-1)];
    if (first && last && this.#order.includes(first))
      this.#choose({ anchor: first, current: last });
  }

  #withChosen(
    verb: string,
    make: (content: OpenDocument["content"], ids: readonly string[]) => CellSteps,
    word?: string,
  ): void {
    const ids = this.#chosen;
    if (ids.length === 0) return;
    const cells = ids.length === 1 ? "a cell" : `${ids.length} cells`;
    this.#edit(`${verb} ${cells}`, make(this.#parts.document.content, ids));
    if (word) this.#parts.say(`${ids.length === 1 ? "1 cell" : cells} ${word}`);
    if (this.current) this.visit(this.current);
  }

  #move(id: string, after: string | null): void {
    const ids = this.#chosen.includes(id) ? this.#chosen : [id];
    if (after !== null && ids.includes(after)) return;
    this.#edit("move cells", moveCells(this.#parts.document.content, ids, after));
  }

  #shift(direction: "up" | "down"): void {
    this.#withChosen("move", (content, ids) => shiftCells(content, ids, direction));
  }

  #become(kind: EditedCell["kind"]): void {
    this.#withChosen("change the kind of", (content, ids) => setCells(content, ids, { kind }));
  }

  #rerun(run: string | null): void {
    this.#withChosen("change when to run", (content, ids) =>
      setCells(content, ids, { attributes: { run } }),
    );
  }

  #split(): void {
    const id = this.current;
    const editor = id === undefined ? undefined : this.#editors.get(id);
    if (!id || !editor) return;
    const steps = splitCell(this.#parts.document.content, id, editor.offset);
    this.#edit("split a cell", steps);
    if (steps.cells[1]) this.write(steps.cells[1], "start");
  }

  #merge(): void {
    const chosen = this.#chosen;
    const below = this.#order[this.#order.indexOf(chosen.at(-1) ?? "") + 1];
    const ids = chosen.length > 1 || !below ? chosen : [...chosen, below];
    if (ids.length < 2) return;
    this.#edit("merge cells", mergeCells(this.#parts.document.content, ids));
  }

  #again(direction: "undo" | "redo"): void {
    const { document } = this.#parts;
    const label = direction === "undo" ? document.undoLabel : document.redoLabel;
    if (label === undefined) {
      this.#parts.say(
        direction === "undo" ? "There is nothing to take back" : "Nothing was taken back",
      );
      return;
    }
    const place = direction === "undo" ? document.undo() : document.redo();
    this.#parts.say(`${direction === "undo" ? "Taken back" : "Done again"}: ${label}`);
    if (!place || !this.#order.includes(place.cell)) return;
    if (place.head !== undefined) this.write(place.cell, place.head);
    else this.visit(place.cell);
  }

  async #copy(): Promise<void> {
    const ids = new Set(this.#chosen);
    const cells = this.#parts.document.content.cells.filter(({ id }) => ids.has(id));
    this.#copied = copiedText(cells);
    // Where the browser lets no page write to the clipboard, cells are pasted in this one only.
    await navigator.clipboard?.writeText(this.#copied).catch(() => undefined);
  }

  #paste(text: string): void {
    const cells = cellsOf(text, "browser");
    if (cells.length === 0) return;
    const after = this.#chosen.at(-1) ?? this.#order.at(-1) ?? null;
    const steps = pasteCells(this.#parts.document.content, after, cells);
    this.#edit(cells.length === 1 ? "paste a cell" : `paste ${cells.length} cells`, steps);
    if (steps.cells.at(-1)) this.visit(steps.cells.at(-1)!);
  }

  readonly #onCopy = (event: ClipboardEvent): void => {
    const isText = !document.getSelection()?.isCollapsed;
    if (isText || isWriting(document.activeElement) || this.#chosen.length === 0) return;
    void this.#copy();
    event.clipboardData?.setData("text/plain", this.#copied);
    event.preventDefault();
    if (event.type === "cut") this.#withChosen("cut", deleteCells, "cut");
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    if (isWriting(document.activeElement)) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text === "") return;
    event.preventDefault();
    this.#paste(text);
  };

  #withView(act: (view: CellEditor["view"]) => void): void {
    const editor = this.current === undefined ? undefined : this.#editors.get(this.current);
    if (editor) act(editor.view);
  }

  #keysText(name: ActionName): string {
    const [first] = [...keysOf(name, "command", this.#own), ...keysOf(name, "edit", this.#own)];
    return first === undefined ? "" : keysText(first, this.#isMac);
  }

  #openMenu(id: string, at: HTMLElement): void {
    if (!this.#chosen.includes(id)) this.#choose({ anchor: id, current: id });
    const names = [
      "run",
      "runAbove",
      "toggleCode",
      "duplicate",
      "cut",
      "copy",
      "moveUp",
      "moveDown",
      "merge",
      "toText",
      "toCode",
      "toKernel",
      "runLive",
      "runOnDemand",
      "runOnce",
      "delete",
    ] as const;
    openMenu(
      at,
      `Cell ${id}`,
      names.map((name) => ({
        title: actions[name].title,
        keys: this.#keysText(name),
        choose: () => this.act(name),
      })),
    );
  }

  #openPalette(): void {
    const names = (Object.keys(actions) as ActionName[]).filter(
      (name) => name !== "palette" && (name in this.#doers || name in this.#parts.others),
    );
    const back = document.activeElement as HTMLElement | null;
    openPalette(
      "What do you want to do?",
      names.map((name) => ({
        title: actions[name].title,
        detail: this.#keysText(name),
        choose: () => {
          back?.focus();
          this.act(name);
        },
      })),
    );
  }

  #openHelp(): void {
    openHelpSheet({
      isMac: this.#isMac,
      own: () => this.#own,
      rebind: (name, mode, keys) => {
        const { own, problem } = writeOwnKeys(this.#own, name, mode, keys, this.#isMac);
        this.#own = own;
        return problem;
      },
      letters: {
        get: () => this.#letters,
        set: (on) => {
          this.#letters = on;
        },
      },
    });
  }
}

/** Whether a text is being written there: in an editor or in an input. */
function isWriting(at: Element | null): boolean {
  return at?.closest("input, textarea, select, [contenteditable=true], dialog") != null;
}

/**
 * Whether a key belongs to what has the focus: everything to text fields and dialogs but shortcuts, and to
 * buttons, inputs and charts all that is no shortcut.
 */
function isOthers(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("dialog, .cm-editor")) return true;
  const isShortcut = /^(Ctrl|Meta|Alt)-/.test(key) || /^F\d/.test(key);
  if (isWriting(target)) return !isShortcut || /^(Ctrl|Meta)-(Shift-)?[acvxyz]$/.test(key);
  const owner = target.closest("button, a, summary, [tabindex], [role]");
  const isFree = !owner || owner.matches(".cell, .prose, main, body");
  return !isFree && !isShortcut;
}

function isOfCompletion(event: KeyboardEvent, { state }: CellEditor["view"]): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (ctrlKey || metaKey || altKey || shiftKey) return false;
  return completionStatus(state) === "active" && /^(Escape|Enter|Tab|Arrow|Page)/.test(key);
}

function isAfterWord({ state }: CellEditor["view"]): boolean {
  const { main } = state.selection;
  if (!main.empty) return false;
  return /[\w$.]/.test(state.sliceDoc(Math.max(0, main.head - 1), main.head));
}
