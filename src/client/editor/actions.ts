import { type Keys, type Mode, pressed } from "./keys.ts";

/** What a person can do with a workbook, by the name it is stored under. */
export type ActionName =
  | "run"
  | "runNext"
  | "runInsert"
  | "runStale"
  | "runAbove"
  | "stop"
  | "restart"
  | "insertAbove"
  | "insertBelow"
  | "insertKernelBelow"
  | "insertTextBelow"
  | "delete"
  | "undoCells"
  | "redoCells"
  | "cut"
  | "copy"
  | "paste"
  | "duplicate"
  | "toText"
  | "toCode"
  | "toKernel"
  | "moveUp"
  | "moveDown"
  | "split"
  | "merge"
  | "runLive"
  | "runOnDemand"
  | "runOnce"
  | "enter"
  | "leave"
  | "next"
  | "previous"
  | "extendNext"
  | "extendPrevious"
  | "selectAll"
  | "first"
  | "last"
  | "nextProblem"
  | "previousProblem"
  | "complete"
  | "describe"
  | "define"
  | "rename"
  | "comment"
  | "find"
  | "toggleCode"
  | "toggleView"
  | "graph"
  | "variables"
  | "problems"
  | "outline"
  | "checkpoints"
  | "fullWidth"
  | "present"
  | "save"
  | "history"
  | "copyLink"
  | "retitle"
  | "palette"
  | "help";

/** One thing a person can do. */
export interface Action {
  readonly title: string;
  readonly group: "Run" | "Cells" | "Move about" | "Write" | "Look" | "Document";
  /** Keys while choosing cells. */
  readonly command?: readonly Keys[];
  /** Keys while writing. */
  readonly edit?: readonly Keys[];
}

const both = (...keys: readonly Keys[]) => ({ command: keys, edit: keys });

/**
 * Everything that can be done, with the keys it has unless the person chose others: where the tools that
 * people come from agree, theirs; single letters only while no text is written.
 */
export const actions: Readonly<Record<ActionName, Action>> = {
  run: { title: "Run this cell", group: "Run", ...both("Mod-Enter") },
  runNext: { title: "Run, go to the next cell", group: "Run", ...both("Shift-Enter") },
  runInsert: { title: "Run, insert a cell below", group: "Run", ...both("Alt-Enter") },
  runStale: {
    title: "Run everything that is edited or out of date",
    group: "Run",
    ...both("Mod-Shift-r"),
  },
  runAbove: { title: "Run this cell and all above", group: "Run" },
  stop: { title: "Stop what runs", group: "Run", command: ["i i", "Mod-i"], edit: ["Mod-i"] },
  restart: { title: "Restart the kernel", group: "Run", command: ["0 0"] },

  insertAbove: { title: "Insert a cell above", group: "Cells", command: ["a"] },
  insertBelow: { title: "Insert a cell below", group: "Cells", command: ["b"] },
  insertKernelBelow: { title: "Insert a kernel cell below", group: "Cells" },
  insertTextBelow: { title: "Insert a text cell below", group: "Cells" },
  delete: { title: "Delete cells", group: "Cells", command: ["d d", "Delete"] },
  undoCells: { title: "Undo", group: "Cells", command: ["z", "Mod-z"], edit: ["Mod-z"] },
  redoCells: {
    title: "Redo",
    group: "Cells",
    command: ["Shift-z", "Mod-Shift-z", "Mod-y"],
    edit: ["Mod-Shift-z", "Mod-y"],
  },
  cut: { title: "Cut cells", group: "Cells", command: ["x"] },
  copy: { title: "Copy cells", group: "Cells", command: ["c"] },
  paste: { title: "Paste cells below", group: "Cells", command: ["v"] },
  duplicate: { title: "Duplicate cells", group: "Cells" },
  toText: { title: "Make it text", group: "Cells", command: ["m"] },
  toCode: { title: "Make it code of the page", group: "Cells", command: ["y"] },
  toKernel: { title: "Make it code of the kernel", group: "Cells", command: ["Shift-y"] },
  moveUp: { title: "Move cells up", group: "Cells", ...both("Ctrl-Shift-ArrowUp") },
  moveDown: { title: "Move cells down", group: "Cells", ...both("Ctrl-Shift-ArrowDown") },
  split: { title: "Split the cell at the cursor", group: "Cells", edit: ["Ctrl-Shift-Minus"] },
  merge: {
    title: "Merge the chosen cells, or this with the next",
    group: "Cells",
    command: ["Shift-m"],
  },
  runLive: { title: "Rerun when an input changes", group: "Cells" },
  runOnDemand: { title: "Rerun on demand only", group: "Cells" },
  runOnce: { title: "Run once", group: "Cells" },

  enter: { title: "Write in the cell", group: "Move about", command: ["Enter"] },
  leave: { title: "Back to choosing one cell", group: "Move about", ...both("Escape") },
  next: { title: "Next cell", group: "Move about", command: ["j", "ArrowDown"] },
  previous: { title: "Previous cell", group: "Move about", command: ["k", "ArrowUp"] },
  extendNext: {
    title: "Choose the next cell too",
    group: "Move about",
    command: ["Shift-j", "Shift-ArrowDown"],
  },
  extendPrevious: {
    title: "Choose the previous cell too",
    group: "Move about",
    command: ["Shift-k", "Shift-ArrowUp"],
  },
  selectAll: { title: "Choose all cells", group: "Move about", command: ["Mod-a"] },
  first: { title: "First cell", group: "Move about", command: ["Mod-Home"] },
  last: { title: "Last cell", group: "Move about", command: ["Mod-End"] },
  nextProblem: { title: "Next problem", group: "Move about", ...both("F8") },
  previousProblem: { title: "Previous problem", group: "Move about", ...both("Shift-F8") },

  complete: { title: "Complete", group: "Write", edit: ["Ctrl-Space", "Tab"] },
  describe: { title: "What is this?", group: "Write", edit: ["Shift-Tab"] },
  define: { title: "Go to where it is declared", group: "Write", edit: ["F12"] },
  rename: { title: "Rename in all cells", group: "Write", edit: ["F2"] },
  comment: { title: "Comment out, or in again", group: "Write", edit: ["Mod-/"] },
  find: { title: "Find in cells", group: "Write", ...both("Mod-f") },

  toggleCode: { title: "Hide or show the code of the cell", group: "Look", command: ["h"] },
  toggleView: { title: "Read, or write", group: "Look", ...both("Mod-.") },
  graph: { title: "Graph of cells", group: "Look", command: ["g"] },
  variables: { title: "Variables", group: "Look", command: ["Shift-v"] },
  problems: { title: "Problems", group: "Look" },
  outline: { title: "Outline", group: "Look", command: ["o"] },
  checkpoints: { title: "Checkpoints", group: "Look", command: ["Shift-c"] },
  fullWidth: { title: "Full width", group: "Look", command: ["w"] },
  present: { title: "Present", group: "Look", command: ["Shift-p"] },

  save: { title: "Save now", group: "Document", ...both("Mod-s") },
  history: { title: "History of this workbook", group: "Document" },
  copyLink: { title: "Copy link", group: "Document" },
  retitle: { title: "Change title or file of this workbook", group: "Document" },
  palette: { title: "All that can be done", group: "Document", ...both("Mod-k") },
  help: { title: "Keys", group: "Document", command: ["?", "F1"], edit: ["F1"] },
};

/** The keys of a mode, each with what it does. */
export type Bindings = ReadonlyMap<Keys, ActionName>;

/** Keys that the person chose in place of those of the table, by action and mode. */
export type OwnKeys = Readonly<
  Partial<Record<ActionName, Readonly<Partial<Record<Mode, readonly Keys[]>>>>>
>;

/**
 * The keys of a mode as they are pressed; own keys come first, and take a key from whatever else has it.
 *
 * @param withLetters false leaves out keys that are a letter or sign without a modifier
 */
export function bindingsOf(mode: Mode, own: OwnKeys, isMac: boolean, withLetters = true): Bindings {
  const bindings = new Map<Keys, ActionName>();
  const names = Object.keys(actions) as ActionName[];
  for (const isOwn of [true, false]) {
    for (const name of names) {
      const chosen = own[name]?.[mode];
      if ((chosen !== undefined) !== isOwn) continue;
      for (const keys of chosen ?? actions[name][mode] ?? []) {
        const isLetter = mode === "command" && /^(Shift-)?[a-z0-9?]( |$)/.test(keys);
        if (isLetter && !withLetters) continue;
        const here = pressed(keys, isMac);
        if (!bindings.has(here)) bindings.set(here, name);
      }
    }
  }
  return bindings;
}

/** The keys of an action, for menus and the help sheet. */
export function keysOf(name: ActionName, mode: Mode, own: OwnKeys): readonly Keys[] {
  return own[name]?.[mode] ?? actions[name][mode] ?? [];
}
