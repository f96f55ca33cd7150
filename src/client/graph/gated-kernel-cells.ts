import { RuntimeError, type Variable } from "@observablehq/runtime";
import type { KernelCell } from "../define.ts";
import type { DefinedCell, Gate } from "./defined-cell.ts";
import { kernelOutputs, type VariableParts } from "./output-variables.ts";
import { settableVariable } from "./settable-variable.ts";
import { Invalidated } from "./settled.ts";

/**
 * Makes the variables of kernel cells that run on demand, or once. The kernel knows whether such a cell
 * runs; its gate asks for it, and passes on only a value that is another one.
 */
export class GatedKernelCells {
  readonly #parts: VariableParts;

  constructor(parts: VariableParts) {
    this.#parts = parts;
  }

  define(cell: DefinedCell, definition: KernelCell): void {
    const { scope, evaluation } = this.#parts;
    const { id, wanted } = definition;
    evaluation.forget(id);
    const name = `kernel ${id}`;
    const { variable, set } = settableVariable(scope, name);
    cell.variables.push(variable, ...kernelOutputs(wanted, name, this.#parts));
    const gate = { set } as { -readonly [K in keyof Gate]: Gate[K] };
    cell.gate = gate;
    gate.variable = this.#gate(cell, definition);
  }

  /** Asks the kernel again, for the same code or for another. */
  ask(cell: DefinedCell, definition: KernelCell): void {
    const gate = cell.gate!;
    this.#parts.scope.delete([gate.variable]);
    gate.variable = this.#gate(cell, definition);
  }

  #gate(cell: DefinedCell, definition: KernelCell): Variable {
    const { scope, evaluation, display } = this.#parts;
    const { id } = definition;
    const [inputs, ask] = evaluation.question(cell, definition);
    const place = display.place(id);
    const isOwn = () => cell.isCurrent && cell.gate?.variable === variable;
    const variable: Variable = scope.define(`gate ${id}`, inputs, ask, {
      pending: () => isOwn() && place.pending(),
      fulfilled: (values) => {
        if (!isOwn()) return;
        if (values !== cell.gate!.kept) cell.gate!.set(() => values);
        cell.gate!.kept = values;
        place.fulfilled();
      },
      rejected: (error) => {
        if (!isOwn() || error instanceof Invalidated) return;
        const waitsFor = error instanceof RuntimeError ? error.input : undefined;
        if (cell.gate!.kept !== undefined && waitsFor !== undefined) {
          place.stale?.([{ name: waitsFor }]);
          place.fulfilled();
          return;
        }
        cell.gate!.kept = undefined;
        cell.gate!.set(() => Promise.reject(error));
        display.fail(cell, error);
      },
    });
    return variable;
  }
}
