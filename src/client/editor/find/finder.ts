import type { Extension } from "@codemirror/state";
import { replaceInCells } from "../../../editing/index.ts";
import type { CellRange } from "../../../protocol/index.ts";
import type { CellEditor } from "../cell-editor.ts";
import type { OpenDocument } from "../open-document.ts";
import { expressionOf, matchesIn, matchFrom, mostMatches, replaced } from "./find.ts";
import { FindBar } from "./find-bar.ts";
import { FoundMarks } from "./found-marks.ts";

/** What the finder needs of the page. */
export interface FinderParts {
  readonly document: OpenDocument;
  editor(id: string): CellEditor | undefined;
  /** Shows a part of a cell's text without taking the focus. */
  show(id: string, anchor: number, head: number): void;
  /** Opens a cell for writing, where it was left. */
  write(id: string): void;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** One search over the texts of all cells. */
export class Finder {
  readonly #parts: FinderParts;
  readonly #bar: FindBar = new FindBar({
    changed: () => this.#look(true),
    step: (by) => this.#step(by),
    replace: (which) => this.#replace(which),
    close: () => this.close(),
  });
  readonly #marks: FoundMarks = new FoundMarks((text) => {
    const expression = this.#expression;
    return expression ? matchesIn([{ id: "", source: text }], expression) : [];
  });
  #expression: RegExp | undefined;
  #matches: readonly CellRange[] = [];
  /** The match that is shown. */
  #at = -1;
  /** The cell that it is shown in. */
  #shown: string | undefined;
  /** Where the person was when the search began. */
  #began: { readonly cell: string | undefined; readonly offset: number } | undefined;

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  get element(): HTMLElement {
    return this.#bar.element;
  }

  /** Marks matches in an editor. */
  get marks(): Extension {
    return this.#marks.extension;
  }

  /** Begins a search where the person is, for what is selected there. */
  readonly open = (cell: string | undefined): void => {
    const view = cell === undefined ? undefined : this.#parts.editor(cell)?.view;
    const selection = view?.state.selection.main;
    const selected = selection ? view.state.sliceDoc(selection.from, selection.to) : "";
    this.#began = { cell, offset: selection?.from ?? 0 };
    this.#bar.open(selected.includes("\n") ? "" : selected);
    this.#look(true);
  };

  close(): void {
    this.#bar.close();
    const shown = this.#matches[this.#at]?.cell ?? this.#began?.cell;
    this.#expression = undefined;
    this.#matches = [];
    this.#at = -1;
    this.#shown = undefined;
    this.#marks.refresh();
    if (shown !== undefined) this.#parts.write(shown);
  }

  /** The document is another. */
  changed(): void {
    if (this.#bar.isOpen) this.#look(false);
  }

  /** @param isNew something else is looked for: the first match from where the person was is shown */
  #look(isNew: boolean): void {
    const { cells } = this.#parts.document.content;
    const shown = this.#matches[this.#at];
    try {
      this.#expression = expressionOf(this.#bar.query);
    } catch (error) {
      this.#expression = undefined;
      this.#matches = [];
      this.#marks.refresh();
      this.#bar.tell((error as Error).message.replace(/^.*?: (?=[^:]*$)/, ""), true);
      return;
    }
    this.#matches = this.#expression ? matchesIn(cells, this.#expression) : [];
    const order = cells.map(({ id }) => id);
    if (isNew) {
      this.#marks.refresh();
      this.#at = matchFrom(this.#matches, order, this.#began?.cell, this.#began?.offset ?? 0);
      this.#show();
    } else if (shown) this.#at = matchFrom(this.#matches, order, shown.cell, shown.from);
    this.#tell();
  }

  #tell(): void {
    const { length } = this.#matches;
    if (!this.#expression) this.#bar.tell("");
    else if (length === 0) this.#bar.tell("Nothing found");
    else {
      const count = length === mostMatches ? `more than ${length - 1}` : String(length);
      this.#bar.tell(`${this.#at + 1} of ${count}`);
    }
  }

  #show(): void {
    const match = this.#matches[this.#at];
    if (!match) return;
    const before = this.#shown;
    this.#shown = match.cell;
    this.#parts.show(match.cell, match.from, match.to);
    if (before === undefined || before === match.cell) return;
    // Selected is what is shown now, and nothing in the cell before.
    const view = this.#parts.editor(before)?.view;
    view?.dispatch({ selection: { anchor: view.state.selection.main.from } });
  }

  #step(by: 1 | -1): void {
    const { length } = this.#matches;
    if (length === 0) return;
    this.#at = (this.#at + by + length) % length;
    this.#show();
    this.#tell();
    const match = this.#matches[this.#at]!;
    this.#began = { cell: match.cell, offset: match.from };
  }

  #replace(which: "this" | "all"): void {
    const { document, say } = this.#parts;
    const match = this.#matches[this.#at];
    if (!match) return;
    const matches = which === "all" ? this.#matches : [match];
    const { cells } = document.content;
    const edits = replaced(cells, matches, this.#bar.query, this.#bar.by);
    const label = which === "all" ? `replace ${edits.length} matches` : "replace a match";
    document.pause();
    document.edit(label, replaceInCells(document.content, edits), {
      place: { cell: match.cell, anchor: match.from, head: match.to },
    });
    if (which === "all")
      say(`${edits.length} ${edits.length === 1 ? "match" : "matches"} replaced`);
    // On from behind what came in its place, which may hold what is looked for.
    this.#began = { cell: match.cell, offset: match.from + (edits[0]?.text.length ?? 0) };
    this.#look(true);
  }
}
