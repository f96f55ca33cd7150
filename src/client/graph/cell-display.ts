import { type Observer, RuntimeError } from "@observablehq/runtime";
import { showsValue } from "../define.ts";
import { failureOf } from "../failure.ts";
import { show } from "../output.ts";
import type { DefinedCell } from "./defined-cell.ts";
import type { CellPlace } from "./graph-parts.ts";
import { Invalidated } from "./settled.ts";

/** What showing cells needs of the graph. */
export interface CellDisplayParts {
  place(id: string): CellPlace;
  /** Whether a cell defines a name. */
  isDefined(name: string): boolean;
}

/** What becomes of cells, as it is seen in their places. A cell that was deleted shows nothing more. */
export class CellDisplay {
  readonly #parts: CellDisplayParts;

  constructor(parts: CellDisplayParts) {
    this.#parts = parts;
  }

  place(id: string): CellPlace {
    return this.#parts.place(id);
  }

  /** Observes a cell's own variable. */
  observer(cell: DefinedCell): Observer {
    const { definition } = cell;
    const place = this.place(definition.id);
    return {
      pending: () => {
        if (cell.isCurrent) place.pending();
      },
      fulfilled: (value) => {
        if (!cell.isCurrent) return;
        if (definition.kind === "browser" && showsValue(definition)) {
          place.output.replaceChildren();
          show(place.output, value);
        }
        place.fulfilled();
      },
      rejected: (error) => this.fail(cell, error),
    };
  }

  /** An output that is a rejected promise is a failure of its cell; one that misses its cell is not. */
  outputObserver(cell: DefinedCell, main: string): Observer {
    return {
      rejected: (error) => {
        if (!(error instanceof RuntimeError && error.input === main)) this.fail(cell, error);
      },
    };
  }

  fail(cell: DefinedCell, error: unknown): void {
    if (!cell.isCurrent || error instanceof Invalidated) return;
    const place = this.place(cell.definition.id);
    place.output.replaceChildren();
    place.failed(failureOf(error, (name) => this.#parts.isDefined(name)));
  }
}
