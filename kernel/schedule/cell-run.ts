import { heldValue, type KernelCell, shortText, sizeOf } from "../../src/protocol/index.ts";
import type { CellGraph } from "./graph.ts";
import { agree, type Inputs, type Result } from "./results.ts";
import type { Outcome, Run } from "./run.ts";

/** What a cell runs with. */
interface Start extends Pick<Run, "number" | "began"> {
  readonly inputs: Inputs;
  /** Results of the cells that it reads. */
  readonly parents: readonly Result[];
  /** Whether a person has asked for it. */
  readonly isAsked: boolean;
}

/** The run of a cell that can run now. */
export function cellRun(
  graph: CellGraph,
  cell: KernelCell,
  { number, began, inputs, parents, isAsked }: Start,
): Run {
  const byCell = new Map(parents.map((parent) => [parent.cell, parent]));
  const given = (name: string): readonly [string, unknown][] => {
    const owner = graph.owner(name);
    if (owner !== undefined) return [[name, byCell.get(owner)!.outputs.get(name)]];
    // What neither a cell nor the page gives is a builtin.
    return Object.hasOwn(inputs, name) ? [[name, inputs[name]]] : [];
  };
  const sources = parents.flatMap(({ cell, id, sources }) => [
    // A value that was kept stands for itself, whatever has become of what it was made from.
    ...(graph.isLive(cell) ? sources : []),
    [cell, id] as const,
  ]);
  return {
    number,
    cell,
    values: new Map(cell.inputs.flatMap(given)),
    ...(isAsked && { asked: true }),
    identity: new Map(graph.identity(cell.id).map((name) => [name, inputs[name]])),
    // Cells that run once are not made anew because of what they once read.
    sources: new Map(cell.run === "once" ? [] : sources),
    controller: new AbortController(),
    began,
  };
}

/** What a cell's run has come to, to be kept. */
export function resultOf(
  run: Run,
  { outputs, preview, shown, error }: Outcome,
  end: Pick<Result, "id" | "ms" | "ended">,
): Result {
  const texts = [...run.values].map(([name, value]) => [name, shortText(value)] as const);
  return {
    ...end,
    cell: run.cell.id,
    inputs: run.identity,
    sources: run.sources,
    read: new Map(texts),
    held: [...outputs].map(([name, value]) => heldValue(name, value)),
    bytes: sizeOf([outputs, shown]),
    outputs,
    ...(preview !== undefined && { preview }),
    ...(shown && { shown }),
    ...(error && { error }),
  };
}

/** Whether the run makes the result for these values of the page. */
export function isFor(run: Run, inputs: Inputs): boolean {
  return agree(run.identity, [...run.identity.keys()], inputs);
}
