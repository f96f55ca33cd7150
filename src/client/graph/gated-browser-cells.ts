import { RuntimeError, type Variable } from "@observablehq/runtime";
import type { BrowserCell } from "../define.ts";
import { StatedFailure } from "../failure.ts";
import { AskedRun, type AskedRunParts } from "./asked-run.ts";
import { type DefinedCell, type Gate, givenOf, type LastRun } from "./defined-cell.ts";
import { browserOutputs, type VariableParts } from "./output-variables.ts";
import { settableVariable } from "./settable-variable.ts";
import { Invalidated } from "./settled.ts";

/**
 * Makes the variables of browser cells that run on demand, or once: what such a cell reads is read beside
 * it, by its gate, so that a change goes no further.
 */
export class GatedBrowserCells {
  readonly #parts: VariableParts;

  constructor(parts: VariableParts) {
    this.#parts = parts;
  }

  /**
   * @param isRun a person wants it to run
   * @param last the run that its value is kept of
   */
  define(
    cell: DefinedCell,
    definition: BrowserCell,
    isRun: boolean,
    last: LastRun | undefined,
  ): void {
    const { scope, display } = this.#parts;
    const name = `cell ${definition.id}`;
    if (last) cell.last = last;
    const { variable, set } = settableVariable(scope, name, display.observer(cell));
    const asked = new AskedRun(this.#askedParts(cell, definition), isRun, last?.read);
    if (last) set(() => last.value);
    cell.variables.push(variable, ...browserOutputs(cell, name, this.#parts));
    const gate = { asked, set } as { -readonly [K in keyof Gate]: Gate[K] };
    cell.gate = gate;
    gate.variable = this.#gate(cell, definition);
  }

  /** Another code, which waits until a person wants it to run; the value is kept until then. */
  edit(cell: DefinedCell, definition: BrowserCell): void {
    const gate = cell.gate!;
    this.#parts.scope.delete([gate.variable]);
    gate.asked!.edit(this.#askedParts(cell, definition));
    gate.variable = this.#gate(cell, definition);
  }

  #askedParts(cell: DefinedCell, { id, inputs, run }: BrowserCell): AskedRunParts {
    const { evaluation, display } = this.#parts;
    return {
      names: givenOf(inputs),
      isOnce: run === "once",
      start: (values) =>
        cell.gate!.set(
          (invalidation: Promise<void>) => evaluation.evaluate(cell, values, invalidation),
          ["invalidation"],
        ),
      unasked: () => cell.gate!.set(unasked),
      stale: (reasons) => {
        if (cell.isCurrent) display.place(id).stale?.(reasons);
      },
    };
  }

  #gate(cell: DefinedCell, { id, inputs }: BrowserCell): Variable {
    const asked = () => cell.gate!.asked!;
    const read = (...values: unknown[]) => values;
    const isOwn = () => cell.isCurrent && cell.gate?.variable === variable;
    const variable: Variable = this.#parts.scope.define(`gate ${id}`, givenOf(inputs), read, {
      pending: () => isOwn() && asked().await(),
      fulfilled: (values) => isOwn() && asked().take(values as readonly unknown[]),
      rejected: (error) => {
        if (!isOwn() || error instanceof Invalidated) return;
        const name = error instanceof RuntimeError ? error.input : undefined;
        if (asked().miss(name)) cell.gate!.set(() => Promise.reject(error));
      },
    });
    return variable;
  }
}

function unasked(): never {
  throw new StatedFailure({
    name: "OnDemand",
    message: "It runs on demand, and nobody has asked for it yet",
  });
}
