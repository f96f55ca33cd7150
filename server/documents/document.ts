import type { CellDefinition, KernelCell } from "../../src/protocol/index.ts";
import {
  type Cell,
  compileBrowser,
  type Diagnostic,
  type Graph,
  hash,
  highlight,
  parseWorkbook,
  type ResolvedCell,
  resolve,
  type Workbook,
} from "../../src/workbook/index.ts";
import { renderForeign } from "./foreign.ts";
import { renderProse } from "./prose.ts";

/** A workbook as pages and kernel are told it. Nothing in it has been evaluated. */
export interface Document {
  readonly title: string;
  /** Ids in page order. */
  readonly order: readonly string[];
  readonly cells: ReadonlyMap<string, CellDefinition>;
  /** The kernel cells that can run. */
  readonly kernelCells: readonly KernelCell[];
  /** What in the file is not as it should be. */
  readonly diagnostics: readonly Diagnostic[];
  readonly graph: Graph;
}

/** What became another between two readings of one file. */
export interface DocumentChange {
  /** Definitions of which anything changed; whether to run them again, their `version` says. */
  readonly changed: readonly CellDefinition[];
  readonly removed: readonly string[];
  readonly kernelChanged: boolean;
}

/**
 * Reads the text of a workbook: parsed as its path says, connected, rendered.
 *
 * @param previous the document before an edit, of which what is the same is used again
 * @throws {Error} when the path does not end as a workbook's does
 */
export async function readDocument(
  { path, text }: { readonly path: string; readonly text: string },
  previous?: Document,
): Promise<Document> {
  return describeWorkbook(parseWorkbook(path, text), previous);
}

/** A workbook, connected and rendered; see `readDocument`. */
export async function describeWorkbook(workbook: Workbook, previous?: Document): Promise<Document> {
  const graph = await resolve(workbook, previous ? { previous: previous.graph } : {});
  const cells = new Map<string, CellDefinition>();
  for (const cell of workbook.cells) {
    const resolved = graph.cells.get(cell.id);
    const html = renderedBefore(cell, previous) ?? render(cell);
    cells.set(cell.id, resolved ? define(resolved, html) : defineProse(cell, html));
  }
  return {
    title: workbook.title,
    order: [...cells.keys()],
    cells,
    kernelCells: [...graph.cells.values()].filter(canRunInKernel).map(kernelCell),
    diagnostics: workbook.diagnostics ?? [],
    graph,
  };
}

/** The way from `before` to `after`. */
export function compareDocuments(before: Document, after: Document): DocumentChange {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const changed = [...after.cells.values()].filter((cell) => {
    // A line that comes or goes moves all cells below: that is nothing to tell of them.
    const line = cell.line;
    const old = before.cells.get(cell.id);
    return !same(cell, old && { ...old, line });
  });
  return {
    changed,
    removed: before.order.filter((id) => !after.cells.has(id)),
    kernelChanged: !same(before.kernelCells, after.kernelCells),
  };
}

function renderedBefore(cell: Cell, previous?: Document): string | undefined {
  const before = previous?.cells.get(cell.id);
  if (before?.source !== cell.source) return undefined;
  const same =
    before.kind === "prose" ? before.version === proseVersion(cell) : cell.kind !== "prose";
  return same ? before.html : undefined;
}

function render({ kind, mode, source }: Cell): string {
  if (kind !== "prose") return highlight(source);
  return mode === undefined ? renderProse(source) : renderForeign(mode, source);
}

function defineProse(cell: Cell, html: string): CellDefinition {
  const { id, source, line, run } = cell;
  return { kind: "prose", id, version: proseVersion(cell), source, html, line, run };
}

function proseVersion({ kind, mode, source }: Cell): string {
  return kind === "prose" ? hash(mode === undefined ? source : `${mode}\n${source}`) : "";
}

function define(resolved: ResolvedCell, html: string): CellDefinition {
  const { cell, analysis, version, inputs, builtins, outputs, browserInputs, wanted, error } =
    resolved;
  const { id, source, line, run } = cell;
  const read = inputs.filter((name) => !builtins.includes(name));
  const common = { id, version, source, html, line, run, outputs, ...(error && { error }) };
  return cell.kind === "kernel"
    ? { ...common, kind: "kernel", inputs: read, browserInputs, wanted }
    : {
        ...common,
        kind: "browser",
        body: analysis.error ? "" : compileBrowser(analysis, { outputs }),
        expression: analysis.expression,
        inputs,
      };
}

function canRunInKernel({ cell, error }: ResolvedCell): boolean {
  return cell.kind === "kernel" && !error;
}

function kernelCell(resolved: ResolvedCell): KernelCell {
  const { cell, analysis, version, inputs, builtins, outputs, wanted } = resolved;
  return {
    id: cell.id,
    version,
    code: analysis.code,
    expression: analysis.expression,
    // The kernel gives every cell its builtins; an input is what another cell gives.
    inputs: inputs.filter((name) => !builtins.includes(name)),
    outputs,
    wanted,
    run: cell.run,
  };
}
