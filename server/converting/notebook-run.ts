import type { NotebookRun } from "../../src/workbook/index.ts";
import type { Document } from "../documents/document.ts";
import type { SettleOptions } from "../publishing/settled.ts";
import { outcomeOf } from "../running/outcome.ts";
import { KeptOutputs } from "./kept-outputs.ts";
import { literalOf } from "./literal.ts";

/** A run as a notebook keeps it, and what of it a notebook cannot keep. */
export interface KeptRun extends NotebookRun {
  readonly notes: readonly string[];
  /** Ids of the cells that have failed. */
  readonly failed: readonly string[];
}

/**
 * Runs a workbook's kernel cells as `simile run` does, and keeps for each what it printed and showed, what
 * it came to and its error, in the form of Jupyter's outputs.
 *
 * @throws {Error} when the kernel ends before all cells are done, or the signal aborts
 */
export async function keptRun(document: Document, options: SettleOptions): Promise<KeptRun> {
  const kept = new KeptOutputs();
  const { cells, inputs } = await outcomeOf(document, {
    ...options,
    hear: (notice) => {
      kept.hear(notice);
      options.hear?.(notice);
    },
  });
  for (const { id, preview, error } of cells) {
    if (error) kept.error(id, error);
    else if (preview !== undefined && preview !== "undefined") kept.result(id, preview);
  }
  return {
    outputs: new Map(cells.map(({ id }) => [id, kept.of(id)])),
    failed: cells.flatMap(({ id, error }) => (error ? [id] : [])),
    ...declared(inputs),
  };
}

function declared(values: Readonly<Record<string, unknown>>): { inputs: string; notes: string[] } {
  const notes: string[] = [];
  const lines = Object.entries(values).flatMap(([name, value]) => {
    const literal = literalOf(value);
    if (literal !== undefined) return [`let ${name} = ${literal};`];
    notes.push(`The input ${name} has a value that cannot be written down: it is left out`);
    return [];
  });
  return { inputs: lines.join("\n"), notes };
}
