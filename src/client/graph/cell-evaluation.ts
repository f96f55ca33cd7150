import { type BrowserCell, type CellFunction, cellFunction, type KernelCell } from "../define.ts";
import { KeptValues } from "../kept-values.ts";
import { CellRun } from "./cell-run.ts";
import { type DefinedCell, givenOf } from "./defined-cell.ts";
import type { GraphParts } from "./graph-parts.ts";
import { settled } from "./settled.ts";

/** What evaluating cells needs of the graph. */
export type CellEvaluationParts = Pick<
  GraphParts,
  "kernel" | "place" | "functionOf" | "kept" | "viewed"
>;

/** A name no cell can declare. Every kernel cell reads it: a new value asks the kernel for everything. */
export const kernelStart = "kernel start";

/** How cells come to their values: those of the browser by their functions, those of the kernel by asking it. */
export class CellEvaluation {
  readonly #parts: CellEvaluationParts;
  readonly #kept: KeptValues;
  readonly #functions = new WeakMap<BrowserCell, CellFunction>();

  constructor(parts: CellEvaluationParts) {
    this.#parts = parts;
    this.#kept = parts.kept ?? new KeptValues();
  }

  /**
   * Runs a browser cell as it is now.
   *
   * @param values of what it is given, in the order of `givenOf`
   */
  evaluate(cell: DefinedCell, values: readonly unknown[], invalidation: Promise<void>): unknown {
    const current = cell.definition as BrowserCell;
    const run = this.#functionOf(current);
    const own = this.#startRun(cell, current, invalidation);
    const read = new Map(givenOf(current.inputs).map((name, i) => [name, values[i]]));
    const given = (name: string) => (read.has(name) ? read.get(name) : own.given[name]);
    const made = Promise.resolve(run(...current.inputs.map(given)));
    return settled(
      made.then((value) => {
        cell.last = { read, value: own.end(value) };
        return value;
      }),
      invalidation,
    );
  }

  /** What the kernel holds of a cell is no use: it is another cell now, or other names are wanted of it. */
  forget(id: string): void {
    this.#parts.kernel.forget(id);
  }

  /** A variable that asks the kernel for a cell: what it reads, and its definition. */
  question(
    cell: DefinedCell,
    { id, browserInputs }: KernelCell,
  ): readonly [inputs: readonly string[], ask: (...values: unknown[]) => unknown] {
    const ask = (_start: unknown, ...values: unknown[]): unknown => {
      const invalidation = values.pop() as Promise<void>;
      const inputs = Object.fromEntries(browserInputs.map((input, i) => [input, values[i]]));
      const isRun = cell.isRun === true;
      cell.isRun = false;
      return settled(this.#parts.kernel.ask(id, inputs, invalidation, isRun), invalidation);
    };
    return [[kernelStart, ...browserInputs, "invalidation"], ask];
  }

  #functionOf(definition: BrowserCell): CellFunction {
    let run = this.#functions.get(definition);
    if (!run) {
      run = (this.#parts.functionOf ?? cellFunction)(definition);
      this.#functions.set(definition, run);
    }
    return run;
  }

  #startRun(cell: DefinedCell, definition: BrowserCell, invalidation: Promise<void>): CellRun {
    const { id } = definition;
    return new CellRun(definition, this.#parts.place(id).output, {
      isCurrent: () => cell.isCurrent,
      invalidation,
      viewed: (name, element) => {
        this.#kept.adopt(id, name, element);
        this.#parts.viewed?.(id, name, element);
      },
    });
  }
}
