import type { CellDefinition } from "../../protocol/index.ts";
import type { CellList } from "../cell-list.ts";
import type { CellStates } from "../cell-states.ts";
import type { DocumentModel } from "../document/index.ts";
import type { Graph } from "../graph/index.ts";

/** What running cells needs of the page. */
export interface AskedCellsParts {
  readonly model: Pick<DocumentModel, "apply" | "cell">;
  readonly list: Pick<CellList, "definition" | "definitions">;
  readonly states: Pick<CellStates, "due">;
  readonly graph: Pick<Graph, "apply" | "run">;
  /** Asks the server to trust the workbook on this machine, and to run it. */
  trust(): void;
}

/** What a person wants to run. A cell that is edited runs as soon as it is defined as it is written. */
export class AskedCells {
  readonly #parts: AskedCellsParts;
  /** Cells that are to run once they are defined as they are written. */
  readonly #asked = new Set<string>();
  #isTrusted = false;

  constructor(parts: AskedCellsParts) {
    this.#parts = parts;
  }

  /**
   * Runs cells as they are written now, whatever their mode; without `cells` all that are edited, out of
   * date or have never run, of which those of another code run. The first run trusts the workbook.
   */
  run(cells: readonly string[] | undefined): void {
    const { model, states, graph, trust } = this.#parts;
    const due = cells ?? states.due;
    const edited = due.filter((id) => this.#isEdited(id));
    for (const id of this.#isTrusted ? edited : due) this.#asked.add(id);
    model.apply(cells);
    if (this.#isTrusted) graph.run(due.filter((id) => !this.#asked.has(id)));
    else trust();
  }

  /**
   * Takes in whether the workbook may run on this machine.
   *
   * @returns whether it may, and could not before
   */
  trusted(isTrusted: boolean): boolean {
    const becomesTrusted = isTrusted && !this.#isTrusted;
    this.#isTrusted = isTrusted;
    return becomesTrusted;
  }

  /** Brings the graph up to a change of the workbook; what was asked for and is defined now runs. */
  define(changed: readonly CellDefinition[], gone: readonly string[]): void {
    const asked = new Set(
      changed.map(({ id }) => id).filter((id) => this.#asked.has(id) && !this.#isEdited(id)),
    );
    this.#parts.graph.apply(changed, gone, asked);
    for (const id of [...asked, ...gone]) this.#asked.delete(id);
  }

  /** Whether a cell is written otherwise than it is defined. */
  #isEdited(id: string): boolean {
    const { model, list } = this.#parts;
    const cell = model.cell(id);
    return cell !== undefined && list.definition(id)?.source !== cell.source;
  }
}
