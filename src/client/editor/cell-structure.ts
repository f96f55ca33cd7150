import {
  type CellSteps,
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
import type { ChosenCells } from "./chosen-cells.ts";
import type { CopiedCell } from "./clipboard.ts";
import type { OpenDocument } from "./open-document.ts";

/** What changing cells needs of what is around it. */
export interface CellStructureParts {
  readonly document: Pick<OpenDocument, "content" | "edit">;
  readonly chosen: ChosenCells;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** What is done with whole cells: each is one edit, after which the cells it made, or left, are chosen. */
export class CellStructure {
  readonly #parts: CellStructureParts;

  constructor(parts: CellStructureParts) {
    this.#parts = parts;
  }

  /** @returns the new cell */
  insert(after: string | null, kind: NewCell["kind"]): string {
    const steps = insertCells(this.#content, after, [{ kind }]);
    this.#edit("insert a cell", steps);
    return steps.cells[0]!;
  }

  /** @param word what is said of it: "deleted" */
  delete(verb: string, word: string): void {
    const count = this.#parts.chosen.ids.length;
    if (count === 0) return;
    this.#withChosen(verb, deleteCells);
    this.#parts.say(`${count === 1 ? "1 cell" : `${count} cells`} ${word}`);
  }

  duplicate(): void {
    this.#withChosen("duplicate", duplicateCells);
  }

  become(kind: EditedCell["kind"]): void {
    this.#withChosen("change the kind of", (content, ids) => setCells(content, ids, { kind }));
  }

  /** Sets when chosen code cells run: null by themselves. */
  rerun(run: string | null): void {
    this.#withChosen("change when to run", (content, ids) => {
      const code = content.cells.filter(({ id, kind }) => kind !== "prose" && ids.includes(id));
      return setCells(
        content,
        code.map(({ id }) => id),
        { attributes: { run } },
      );
    });
  }

  shift(direction: "up" | "down"): void {
    this.#withChosen("move", (content, ids) => shiftCells(content, ids, direction));
  }

  /** Moves cells behind another, or to the top; nothing when they are there. */
  move(ids: readonly string[], after: string | null): void {
    const steps = moveCells(this.#content, ids, after);
    const { order } = this.#parts.chosen;
    const others = order.filter((id) => !ids.includes(id));
    const place = after === null ? 0 : others.indexOf(after) + 1;
    const moved = [...others.slice(0, place), ...steps.cells, ...others.slice(place)];
    if (moved.join(" ") !== order.join(" ")) this.#edit(`move ${counted(ids)}`, steps);
  }

  /** Cuts a cell in two; gives the lower one. */
  split(id: string, offset: number): string | undefined {
    const steps = splitCell(this.#content, id, offset);
    this.#edit("split a cell", steps);
    return steps.cells[1];
  }

  /** Makes one cell of the chosen ones, or of the only one and the next. */
  merge(): void {
    const { chosen } = this.#parts;
    const { ids } = chosen;
    const below = chosen.neighbour(ids.at(-1), 1);
    const all = ids.length > 1 || below === undefined ? ids : [...ids, below];
    if (all.length < 2) {
      this.#parts.say("There is no cell below to merge with");
      return;
    }
    this.#edit("merge cells", mergeCells(this.#content, all));
  }

  /** @returns the last of the new cells */
  paste(cells: readonly CopiedCell[]): string | undefined {
    if (cells.length === 0) return undefined;
    const { ids, order } = this.#parts.chosen;
    const steps = pasteCells(this.#content, ids.at(-1) ?? order.at(-1) ?? null, cells);
    this.#edit(`paste ${counted(steps.cells)}`, steps);
    return steps.cells.at(-1);
  }

  get #content(): OpenDocument["content"] {
    return this.#parts.document.content;
  }

  #withChosen(
    verb: string,
    make: (content: OpenDocument["content"], ids: readonly string[]) => CellSteps,
  ): void {
    const { ids } = this.#parts.chosen;
    if (ids.length > 0) this.#edit(`${verb} ${counted(ids)}`, make(this.#content, ids));
  }

  #edit(label: string, { operations, cells }: CellSteps): void {
    if (operations.length === 0) return;
    const { document, chosen } = this.#parts;
    const { current } = chosen;
    document.edit(label, operations, current ? { place: { cell: current } } : {});
    const [first, last] = [cells[0], cells.at(-1)];
    if (!first || !last || !chosen.order.includes(first)) return;
    const isUpward = current === first;
    chosen.choose(isUpward ? first : last, isUpward ? last : first);
  }
}

function counted(ids: readonly string[]): string {
  return ids.length === 1 ? "a cell" : `${ids.length} cells`;
}
