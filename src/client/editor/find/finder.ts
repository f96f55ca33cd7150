import type { Extension } from "@codemirror/state";
import { replaceInCells } from "../../../editing/index.ts";
import type { CellRange } from "../../../protocol/index.ts";
import type { CellEditor } from "../cell-editor.ts";
import type { OpenDocument } from "../open-document.ts";
import { expressionOf, matchFrom, mostMatches } from "./find.ts";
import { FindBar } from "./find-bar.ts";
import { FoundMarks } from "./found-marks.ts";
import { type SearchAnswer, type SearchQuestion, search } from "./search.ts";
import { type NoAnswer, SearchThread } from "./search-thread.ts";

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

/** A search that takes longer than this, in ms, says that it goes on. */
const patience = 250;

/** One search over the texts of all cells. */
export class Finder {
  readonly #parts: FinderParts;
  readonly #bar: FindBar = new FindBar({
    changed: () => this.#look(true),
    step: (by) => void this.#whenFound(() => this.#step(by)),
    replace: (which) => void this.#whenFound(() => this.#replace(which)),
    close: () => this.close(),
  });
  readonly #marks: FoundMarks = new FoundMarks((id) =>
    this.#matches.filter(({ cell }) => cell === id),
  );
  readonly #thread = new SearchThread();
  #matches: readonly CellRange[] = [];
  /** The match that is shown. */
  #at = -1;
  /** The cell that it is shown in. */
  #shown: string | undefined;
  /** Where the person was when the search began. */
  #began: { readonly cell: string | undefined; readonly offset: number } | undefined;
  /** Fulfils when the search that runs is over. */
  #looking: Promise<void> | undefined;
  /** Something else is looked for than in the search before. */
  #isNew = false;
  /** What is looked for cannot be found in any time: it is not tried again. */
  #isLate = false;

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  get element(): HTMLElement {
    return this.#bar.element;
  }

  /** Marks matches in the editor of a cell. */
  marks(id: string): Extension {
    return this.#marks.of(id);
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
    this.#thread.dispose();
    this.#looking = undefined;
    const shown = this.#matches[this.#at]?.cell ?? this.#began?.cell;
    this.#set([]);
    this.#shown = undefined;
    if (shown !== undefined) this.#parts.write(shown);
  }

  /** The document is another. */
  changed(): void {
    if (!this.#bar.isOpen || this.#isLate) return;
    // An editor in which something was typed is not through with it yet.
    queueMicrotask(() => this.#bar.isOpen && this.#look(false));
  }

  dispose(): void {
    this.#thread.dispose();
  }

  /** @param isNew something else is looked for: the first match from where the person was is shown */
  #look(isNew: boolean): void {
    const { query } = this.#bar;
    this.#isNew ||= isNew;
    this.#isLate = false;
    this.#thread.stop();
    this.#looking = undefined;
    try {
      expressionOf(query);
    } catch (error) {
      this.#fail((error as Error).message.replace(/^.*?: (?=[^:]*$)/, ""));
      return;
    }
    const question = { query, cells: this.#cells };
    if (!query.isPattern) this.#found(search(question).matches);
    else this.#looking = this.#wait(this.#thread.ask(question));
  }

  /** Shows what a search finds that runs beside the page, unless another one has begun. */
  async #wait(search: Promise<SearchAnswer | NoAnswer>): Promise<void> {
    const slow = setTimeout(() => this.#bar.tell("Searching …"), patience);
    const answer = await search;
    clearTimeout(slow);
    if (answer === "passed") return;
    this.#looking = undefined;
    if (typeof answer === "string") this.#miss(answer);
    else this.#found(answer.matches);
  }

  #found(matches: readonly CellRange[]): void {
    const shown = this.#matches[this.#at];
    const isNew = this.#isNew;
    this.#isNew = false;
    const order = this.#cells.map(({ id }) => id);
    const from = isNew ? this.#began : shown && { cell: shown.cell, offset: shown.from };
    this.#set(matches, from ? matchFrom(matches, order, from.cell, from.offset) : -1);
    if (isNew) this.#show();
    this.#tell();
  }

  #miss(why: Exclude<NoAnswer, "passed">): void {
    this.#isLate = why === "late";
    this.#fail(
      why === "late"
        ? "Takes too long: it can match in too many ways"
        : "Cannot search by expression: Simile does not answer",
    );
  }

  #fail(problem: string): void {
    this.#isNew = false;
    this.#set([]);
    this.#bar.tell(problem, true);
  }

  #set(matches: readonly CellRange[], at = -1): void {
    this.#matches = matches;
    this.#at = at;
    this.#marks.refresh();
  }

  get #cells(): SearchQuestion["cells"] {
    return this.#parts.document.content.cells.map(({ id, source }) => ({ id, source }));
  }

  /** Does something with what is found, once it is; nothing when something else is looked for by then. */
  async #whenFound(act: () => void): Promise<void> {
    const asked = JSON.stringify(this.#bar.query);
    while (this.#looking) await this.#looking;
    if (this.#bar.isOpen && JSON.stringify(this.#bar.query) === asked) act();
  }

  #tell(): void {
    const { length } = this.#matches;
    if (this.#bar.query.text === "") this.#bar.tell("");
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

  async #replace(which: "this" | "all"): Promise<void> {
    const { document, say } = this.#parts;
    const match = this.#matches[this.#at];
    if (!match) return;
    const { content } = document;
    const { query, by } = this.#bar;
    const matches = which === "all" ? this.#matches : [match];
    const question = { query, cells: this.#cells, replace: { matches, by } };
    const answer = query.isPattern ? await this.#thread.ask(question) : search(question);
    if (answer === "passed" || document.content !== content) {
      return say("The workbook changed meanwhile: try again");
    }
    if (typeof answer === "string") return this.#miss(answer);
    const { edits } = answer;
    const label = which === "all" ? `replace ${edits.length} matches` : "replace a match";
    document.pause();
    document.edit(label, replaceInCells(content, edits), {
      place: { cell: match.cell, anchor: match.from, head: match.to },
    });
    if (which === "all")
      say(`${edits.length} ${edits.length === 1 ? "match" : "matches"} replaced`);
    // On from behind what came in its place, which may hold what is looked for.
    this.#began = { cell: match.cell, offset: match.from + (edits[0]?.text.length ?? 0) };
    this.#look(true);
  }
}
