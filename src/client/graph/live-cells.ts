import type { CellError } from "../../protocol/index.ts";
import type { BrowserCell, KernelCell } from "../define.ts";
import { StatedFailure } from "../failure.ts";
import { type DefinedCell, givenOf } from "./defined-cell.ts";
import { browserOutputs, kernelOutputs, type VariableParts } from "./output-variables.ts";

/** Makes the variables of cells that run whenever what they read changes, and of those that cannot run. */
export class LiveCells {
  readonly #parts: VariableParts;

  constructor(parts: VariableParts) {
    this.#parts = parts;
  }

  /** A cell that cannot run has its outputs all the same, so that dependants say what they wait for. */
  defineFailed(cell: DefinedCell, error: CellError): void {
    const { id, outputs } = cell.definition;
    const { scope, display } = this.#parts;
    const place = display.place(id);
    place.output.replaceChildren();
    place.failed(error);
    const fail = () => {
      throw new StatedFailure(error);
    };
    cell.variables.push(...outputs.map((name) => scope.define(name, [], fail)));
  }

  defineBrowser(cell: DefinedCell, { id, inputs }: BrowserCell): void {
    const { scope, evaluation, display } = this.#parts;
    const name = `cell ${id}`;
    const evaluate = (...values: unknown[]) => {
      const invalidation = values.pop() as Promise<void>;
      return evaluation.evaluate(cell, values, invalidation);
    };
    const read = [...givenOf(inputs), "invalidation"];
    cell.variables.push(
      scope.define(name, read, evaluate, display.observer(cell)),
      ...browserOutputs(cell, name, this.#parts),
    );
  }

  defineKernel(cell: DefinedCell, definition: KernelCell): void {
    const { scope, evaluation, display } = this.#parts;
    const { id, wanted } = definition;
    evaluation.forget(id);
    const name = `kernel ${id}`;
    const [inputs, ask] = evaluation.question(cell, definition);
    cell.variables.push(
      scope.define(name, inputs, ask, display.observer(cell)),
      ...kernelOutputs(wanted, name, this.#parts),
    );
  }
}
