import type { CellDiagnostic, CellError, EditedCell } from "../../protocol/index.ts";
import { nextProblem, type Problem, type ProblemPlace, problemsOf } from "./problem.ts";

/** What problems are gathered from, and shown on. */
export interface ProblemsParts {
  cells(): readonly EditedCell[];
  /** What TypeScript finds in cells. */
  readonly types: {
    found(id: string): readonly CellDiagnostic[];
    /** Whether there are cells that it has not looked at. */
    readonly isLooking: boolean;
    follow(listener: () => void, signal?: AbortSignal): void;
    /** Has it look, also while nothing is written, until the signal aborts. */
    look(until: AbortSignal): void;
  };
  /** What the run of a cell failed with. */
  failure(id: string): CellError | undefined;
  /** Calls `listener` when a cell is at something else, until the signal aborts. */
  follow(listener: () => void, signal: AbortSignal): void;
  /** Where the person is. */
  place(): ProblemPlace | undefined;
  visit(cell: string, offset: number): void;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** What is wrong in the cells of a workbook, open in an editor or not. */
export class Problems {
  readonly #parts: ProblemsParts;

  constructor(parts: ProblemsParts) {
    this.#parts = parts;
  }

  /** In page order. */
  get all(): readonly Problem[] {
    const { cells, types, failure } = this.#parts;
    return problemsOf(cells(), (id) => ({ types: types.found(id), failure: failure(id) }));
  }

  get isLooking(): boolean {
    return this.#parts.types.isLooking;
  }

  /** Calls `listener` when they may be others, until the signal aborts. */
  follow(listener: () => void, signal: AbortSignal): void {
    this.#parts.follow(listener, signal);
    this.#parts.types.follow(listener, signal);
  }

  look(until: AbortSignal): void {
    this.#parts.types.look(until);
  }

  visit({ cell, offset }: Problem): void {
    this.#parts.visit(cell, offset);
  }

  /** Goes to the problem that is next below or above, and tells it. */
  step(by: 1 | -1): void {
    const { cells, place, say } = this.#parts;
    const { all } = this;
    const order = cells().map(({ id }) => id);
    const at = nextProblem(all, order, place(), by);
    const problem = all[at];
    if (!problem) {
      say(this.isLooking ? "Problems are being looked for …" : "No problem is found");
      return;
    }
    this.visit(problem);
    const [first] = problem.message.split("\n");
    say(`${at + 1} of ${all.length}${this.isLooking ? " or more" : ""}: ${first}`);
  }
}
