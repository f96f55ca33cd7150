import type { CellError, KernelNotice } from "../../src/protocol/index.ts";
import type { NotebookRun } from "../../src/workbook/index.ts";
import type { Document } from "../documents/document.ts";
import { Outputs } from "../notebooks/outputs.ts";
import type { SettleOptions } from "../publishing/settled.ts";
import { outcomeOf } from "../running/outcome.ts";
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
  const outputs = new Outputs();
  const { cells, inputs } = await outcomeOf(document, {
    ...options,
    hear: (notice) => {
      hear(notice, outputs);
      options.hear?.(notice);
    },
  });
  for (const { id, preview, error } of cells) {
    if (error) fail(id, error, outputs);
    else if (preview !== undefined && preview !== "undefined") {
      const data = { "text/plain": preview };
      // Its place among the executions is known when the notebook is written.
      outputs.add(id, { output_type: "execute_result", execution_count: 0, data, metadata: {} });
    }
  }
  return {
    outputs: new Map(cells.map(({ id }) => [id, outputs.of(id)])),
    failed: cells.flatMap(({ id, error }) => (error ? [id] : [])),
    ...declared(inputs),
  };
}

function hear(notice: KernelNotice, outputs: Outputs): void {
  if (notice.type === "log") {
    const { cell, level, text } = notice;
    const name = level === "warn" || level === "error" ? "stderr" : "stdout";
    outputs.stream(cell, name, text.endsWith("\n") ? text : `${text}\n`);
  } else if (notice.type === "display") {
    outputs.show(notice.cell, notice.display, notice.bundle, notice.update === true);
  } else if (notice.type === "clear") outputs.clear(notice.cell, notice.wait);
}

function fail(id: string, { name, message, at }: CellError, outputs: Outputs): void {
  const where = at ? [`    at ${at.cell}:${at.line}:${at.column}`] : [];
  const traceback = [`${name}: ${message}`, ...where];
  outputs.add(id, { output_type: "error", ename: name, evalue: message, traceback });
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
