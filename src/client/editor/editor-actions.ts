import { startCompletion } from "@codemirror/autocomplete";
import { toggleComment } from "@codemirror/commands";
import type { NewCell } from "../../editing/index.ts";
import type { ActionMenus } from "./action-menus.ts";
import { type ActionName, actions } from "./actions.ts";
import type { CellEditor, CursorPlace } from "./cell-editor.ts";
import type { CellEditors, EditedPlace } from "./cell-editors.ts";
import type { CellStructure } from "./cell-structure.ts";
import type { CellTransfer } from "./cell-transfer.ts";
import type { ChosenCells } from "./chosen-cells.ts";
import { ask } from "./dialog.ts";
import type { KeyTable } from "./key-table.ts";
import type { OpenDocument } from "./open-document.ts";

/** What actions are done with. */
export interface EditorActionsParts {
  readonly document: OpenDocument;
  readonly keys: KeyTable;
  readonly chosen: ChosenCells;
  readonly editors: CellEditors;
  readonly structure: CellStructure;
  readonly transfer: CellTransfer;
  readonly menus: ActionMenus;
  place(id: string): EditedPlace | undefined;
  /** Opens a cell for writing. */
  write(id: string, at?: CursorPlace): void;
  /** Makes a cell current and shows it. */
  visit(id: string): void;
  /** Makes a new cell and opens it for writing. */
  insert(after: string | null, kind: NewCell["kind"]): void;
  /** What had the focus is gone from the page. */
  takeFocus(): void;
  /** Runs code cells as they are written now; without any, all that are due. */
  run(cells: readonly string[] | undefined): void;
  stop(): void;
  restart(): void;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** What an editor does by itself of what can be done, on the chosen cells and the current one. */
export function editorActions(
  parts: EditorActionsParts,
): Readonly<Partial<Record<ActionName, () => void>>> {
  const { keys, chosen, editors, structure, transfer, menus, write, visit, insert } = parts;
  const isCode = (id: string) => cellOf(parts.document, id)?.kind !== "prose";
  /** The cell that new ones stand behind. */
  const last = () => chosen.current ?? chosen.order.at(-1) ?? null;
  /** A new cell: who writes goes on writing, in it, and who chooses cells goes on choosing, from it. */
  const insertAs = (after: string | null, kind: NewCell["kind"]) => {
    if (editors.focused !== undefined) insert(after, kind);
    else visit(structure.insert(after, kind));
  };
  const withView = (act: (view: CellEditor["view"]) => void) => {
    const editor = editors.get(chosen.current);
    if (editor) act(editor.view);
  };
  return {
    run: () => run(parts),
    runNext: () => {
      run(parts);
      if (chosen.order.at(-1) === chosen.current) insert(last(), "browser");
      else chosen.step(1);
    },
    runInsert: () => {
      run(parts);
      insert(last(), "browser");
    },
    runStale: () => parts.run(undefined),
    runAbove: () => {
      const { order } = chosen;
      const above = order.slice(0, order.indexOf(chosen.current ?? "") + 1);
      parts.run(above.filter(isCode));
    },
    stop: () => parts.stop(),
    restart: async () => {
      const text = "What it holds is computed again.";
      if (await ask("Restart the kernel?", text, "Restart")) parts.restart();
    },
    insertAbove: () => insertAs(chosen.neighbour(chosen.current, -1) ?? null, "browser"),
    insertBelow: () => insertAs(last(), "browser"),
    insertKernelBelow: () => insertAs(last(), "kernel"),
    insertTextBelow: () => insertAs(last(), "prose"),
    delete: () => {
      const undo = keys.shortText("undoCells");
      structure.delete("delete", `deleted${undo && `; ${undo} takes it back`}`);
      parts.takeFocus();
    },
    undoCells: () => again(parts, "undo"),
    redoCells: () => again(parts, "redo"),
    copy: () => transfer.copy(),
    cut: () => transfer.cut(),
    paste: () => transfer.paste(),
    duplicate: () => structure.duplicate(),
    toText: () => structure.become("prose"),
    toCode: () => structure.become("browser"),
    toKernel: () => structure.become("kernel"),
    moveUp: () => shift(parts, "up"),
    moveDown: () => shift(parts, "down"),
    split: () => {
      const { current } = chosen;
      const editor = editors.get(current);
      const lower = editor && structure.split(current!, editor.offset);
      if (lower) write(lower, "start");
    },
    merge: () => {
      structure.merge();
      chosen.focus();
    },
    runLive: () => structure.rerun(null),
    runOnDemand: () => structure.rerun("demand"),
    runOnce: () => structure.rerun("once"),
    enter: () => chosen.current !== undefined && write(chosen.current),
    leave: () => chosen.current !== undefined && visit(chosen.current),
    next: () => chosen.step(1),
    previous: () => chosen.step(-1),
    extendNext: () => chosen.step(1, true),
    extendPrevious: () => chosen.step(-1, true),
    selectAll: () => {
      const { order } = chosen;
      const [first, last] = [order[0], order.at(-1)];
      if (first && last) chosen.choose(last, first);
    },
    first: () => chosen.order[0] !== undefined && visit(chosen.order[0]),
    last: () => {
      const id = chosen.order.at(-1);
      if (id !== undefined) visit(id);
    },
    complete: () => withView(startCompletion),
    comment: () => withView(toggleComment),
    palette: () => menus.openPalette(),
    help: () => menus.openHelp(),
  };
}

/** Whether an action is done with cells as they are written: when the workbook is read, its keys are not heard. */
export function needsWriting(name: ActionName): boolean {
  const ofRun = name === "run" || name === "runNext" || name === "runInsert" || name === "runAbove";
  const { group } = actions[name];
  const isOfWriting = group === "Cells" || group === "Move about" || group === "Write";
  return (isOfWriting && name !== "find") || ofRun || name === "toggleCode";
}

function run({ document, chosen, editors, run }: EditorActionsParts): void {
  const { ids } = chosen;
  const hadFocus = ids.some((id) => editors.focused === id);
  for (const id of ids) editors.close(id);
  const code = ids.filter((id) => cellOf(document, id)?.kind !== "prose");
  if (code.length > 0) run(code);
  if (hadFocus && editors.focused === undefined) chosen.focus();
}

function shift(
  { chosen, editors, structure, place }: EditorActionsParts,
  direction: "up" | "down",
): void {
  const { focused } = editors;
  structure.shift(direction);
  if (focused === undefined) chosen.focus();
  else if (chosen.current !== undefined) {
    place(chosen.current)?.element.scrollIntoView({ block: "nearest" });
  }
}

/** Takes back or does again; who chooses cells goes on choosing, who writes goes on writing. */
function again(parts: EditorActionsParts, direction: "undo" | "redo"): void {
  const { document, editors, chosen, say } = parts;
  const isUndo = direction === "undo";
  const label = isUndo ? document.undoLabel : document.redoLabel;
  if (label === undefined) {
    say(isUndo ? "There is nothing to take back" : "Nothing was taken back");
    return;
  }
  const wasWriting = editors.focused !== undefined;
  const place = isUndo ? document.undo() : document.redo();
  say(`${isUndo ? "Taken back" : "Done again"}: ${label}`);
  const cell = place && cellOf(document, place.cell) ? place.cell : chosen.current;
  if (cell === undefined) parts.takeFocus();
  else if (wasWriting && place?.head !== undefined) {
    parts.write(cell, { anchor: place.anchor ?? place.head, head: place.head });
  } else parts.visit(cell);
}

function cellOf({ content }: OpenDocument, id: string) {
  return content.cells.find((cell) => cell.id === id);
}
