import type { CellDefinition, KernelCell } from "../../src/protocol/index.ts";
import { hash, parse } from "../../src/workbook/index.ts";
import { renderProse } from "./prose.ts";

/** A workbook as pages and kernel are told it. Nothing in it has been evaluated. */
export interface Document {
  readonly title: string;
  /** Ids in page order. */
  readonly order: readonly string[];
  readonly cells: ReadonlyMap<string, CellDefinition>;
  readonly kernelCells: readonly KernelCell[];
}

/** What became another between two readings of one file. */
export interface DocumentChange {
  /** Definitions of which anything changed; whether to run them again, their `version` says. */
  readonly changed: readonly CellDefinition[];
  readonly removed: readonly string[];
  readonly kernelChanged: boolean;
}

export async function readDocument(text: string): Promise<Document> {
  const workbook = parse(text);
  const cells = new Map<string, CellDefinition>();
  for (const { id, kind, source, line, run } of workbook.cells) {
    if (kind !== "prose") continue;
    cells.set(id, {
      id,
      version: hash(source),
      source,
      html: renderProse(source),
      line,
      run,
      kind,
    });
  }
  return { title: workbook.title, order: [...cells.keys()], cells, kernelCells: [] };
}

/** The way from `before` to `after`. */
export function compareDocuments(before: Document, after: Document): DocumentChange {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return {
    changed: [...after.cells.values()].filter((cell) => !same(cell, before.cells.get(cell.id))),
    removed: before.order.filter((id) => !after.cells.has(id)),
    kernelChanged: !same(before.kernelCells, after.kernelCells),
  };
}
