import type {
  CellDefinition,
  CellError,
  KernelCell,
  ShownBundle,
} from "../../src/protocol/index.ts";
import type { Document } from "../documents/document.ts";
import { type Settled, type SettleOptions, settledValues } from "../publishing/settled.ts";

/** What a kernel cell came to. */
export interface CellOutcome {
  readonly id: string;
  readonly ms: number;
  /** Text of its last expression. */
  readonly preview?: string;
  /** What it has shown. */
  readonly shown?: readonly ShownBundle[];
  readonly error?: CellError;
}

/** What a name of a kernel cell came to. */
export interface NamedValue {
  readonly name: string;
  readonly cell: string;
  readonly preview?: string;
  /** The value as more than text, where it can be shown so. */
  readonly shown?: readonly ShownBundle[];
  /** Absent when it cannot leave its process: a function, an instance of a class. */
  readonly value?: unknown;
  readonly stays?: true;
}

/** What a workbook came to. */
export interface Outcome {
  /** What each input was. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly cells: readonly CellOutcome[];
  readonly values: readonly NamedValue[];
}

/** A name, and a cell that does nothing but hand it out: what cannot travel is then no fault of its own cell. */
interface Handed {
  readonly name: string;
  readonly from: string;
  readonly id: string;
}

/**
 * Runs the kernel cells of a workbook, and the browser cells their inputs come from, without a browser.
 *
 * @throws {Error} when the kernel ends before all cells are done, or the signal aborts
 */
export async function outcomeOf(document: Document, options: SettleOptions): Promise<Outcome> {
  const handed = handedOut(document);
  const { inputs, results } = await settledValues(withHanded(document, handed), options);
  const ids = new Set(handed.map(({ id }) => id));
  return {
    inputs,
    cells: document.order.flatMap((id) => {
      const result = results[id];
      if (!result || ids.has(id)) return [];
      const { ms, preview, shown, error } = result;
      const about = { ...(preview !== undefined && { preview }), ...(shown && { shown }) };
      return [{ id, ms, ...about, ...(error && { error }) }];
    }),
    values: handed.flatMap(({ name, from, id }): NamedValue[] => {
      const result = results[id];
      // A cell that is wrong by itself is not run, and nothing of it is handed out.
      if (!result || (result.error && result.error.name !== "TransferError")) return [];
      const { preview, shown, values } = result;
      const told = { ...(preview !== undefined && { preview }), ...(shown && { shown }) };
      const about = { name, cell: from, ...told };
      return [values ? { ...about, value: values[id] } : { ...about, stays: true }];
    }),
  };
}

function handedOut({ graph }: Document): Handed[] {
  const cells = [...graph.cells.values()].filter(({ cell }) => cell.kind === "kernel");
  const names = cells.flatMap(({ cell, analysis, outputs }) => {
    const imported = analysis.imports.flatMap(({ bindings }) => bindings.map(({ local }) => local));
    const own = outputs.filter((name) => !imported.includes(name));
    return own.map((name) => ({ name, from: cell.id }));
  });
  const taken = new Set(cells.flatMap(({ outputs }) => outputs));
  let number = 0;
  return names.map(({ name, from }) => {
    let id: string;
    do id = `handed${number++}`;
    while (taken.has(id) || graph.cells.has(id));
    return { name, from, id };
  });
}

/** The document without what its pages want, and with a cell for each name that is handed out. */
function withHanded(document: Document, handed: readonly Handed[]): Settled {
  const cells = new Map<string, CellDefinition>();
  for (const [id, cell] of document.cells) {
    cells.set(id, cell.kind === "kernel" ? { ...cell, wanted: [] } : cell);
  }
  const kernelCells = document.kernelCells.map((cell): KernelCell => ({ ...cell, wanted: [] }));
  const sound = new Set(kernelCells.map(({ id }) => id));
  for (const { id, name, from } of handed) {
    const source = cells.get(from);
    if (source?.kind !== "kernel" || !sound.has(from)) continue;
    const common = { id, version: `${source.version} ${name}`, outputs: [id], wanted: [id] };
    const { browserInputs, line } = source;
    const told = { source: "", html: "", line, run: "live" } as const;
    cells.set(id, { ...common, ...told, kind: "kernel", inputs: [name], browserInputs });
    const code = `const ${id} = ${name}; ${id}`;
    kernelCells.push({ ...common, code, expression: false, inputs: [name], run: "live" });
  }
  return { cells, kernelCells };
}
