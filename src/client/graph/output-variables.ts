import type { Variable } from "@observablehq/runtime";
import type { CellDisplay } from "./cell-display.ts";
import type { CellEvaluation } from "./cell-evaluation.ts";
import type { DefinedCell } from "./defined-cell.ts";
import type { ReactiveScope } from "./reactive-scope.ts";
import { settled } from "./settled.ts";

/** What the variables of cells are made with. */
export interface VariableParts {
  readonly scope: ReactiveScope;
  readonly evaluation: CellEvaluation;
  readonly display: CellDisplay;
}

/**
 * The variables of a browser cell's outputs, which may be promises or generators.
 *
 * @param name of the cell's own variable
 */
export function browserOutputs(
  cell: DefinedCell,
  name: string,
  { scope, display }: VariableParts,
): readonly Variable[] {
  return cell.definition.outputs.map((output) => {
    const read = (values: Readonly<Record<string, unknown>>, invalidation: Promise<void>) =>
      settled(values[output], invalidation);
    const observer = display.outputObserver(cell, name);
    return scope.define(output, [name, "invalidation"], read, observer);
  });
}

/**
 * The variables of what is wanted of a kernel cell.
 *
 * @param name of the cell's own variable
 */
export function kernelOutputs(
  wanted: readonly string[],
  name: string,
  { scope }: VariableParts,
): readonly Variable[] {
  return wanted.map((output) => {
    const read = (values: Readonly<Record<string, unknown>>) => values[output];
    return scope.define(output, [name], read);
  });
}
