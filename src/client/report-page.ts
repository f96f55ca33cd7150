import {
  decode,
  type FrozenResult,
  type ReportDocument,
  type ReportValues,
} from "../protocol/index.ts";
import { type Libraries, pageBuiltins } from "./builtins.ts";
import { CellList } from "./cell-list.ts";
import type { CellFunction } from "./define.ts";
import { element } from "./element.ts";
import { StatedFailure } from "./failure.ts";
import { freeze, frozenInputs } from "./frozen-inputs.ts";
import { Graph } from "./graph/index.ts";
import { KeptValues } from "./kept-values.ts";
import type { KernelValues } from "./kernel-link.ts";
import { copyLinkButton, LinkedInputs, pageAddress } from "./link/index.ts";

/** What a report's own file holds. */
export interface ReportContent {
  readonly document: ReportDocument;
  readonly values: ReportValues;
  /** Browser cells by id. */
  readonly functions: Readonly<Record<string, CellFunction>>;
}

/** Reads the report that `page` is. */
export function readReport(page: Document): ReportContent {
  const text = page.getElementById("simile-report")?.textContent ?? "";
  const document = JSON.parse(text) as ReportDocument;
  const bytes = Uint8Array.from(atob(document.values), (character) => character.charCodeAt(0));
  const { simileCells } = globalThis as unknown as {
    readonly simileCells: ReportContent["functions"];
  };
  return { document, values: decode(bytes) as ReportValues, functions: simileCells };
}

/**
 * A published workbook: charts and the inputs that need no kernel are alive, the kernel's values are
 * those of the time, and the inputs that would change them are out of use and say so.
 */
export function reportPage(content: ReportContent, libraries: Libraries): HTMLElement {
  const { document: report, values, functions } = content;
  const list: CellList = new CellList({ definerOf: (name) => graph.definerOf(name) });
  list.show(report.cells, report.order);
  const frozen = frozenInputs(report.cells);
  const note = element("p", { class: "quiet-line report-note", role: "status", hidden: true });
  const linked = new LinkedInputs({
    address: pageAddress,
    say: (text) => {
      note.textContent = text ?? "";
      note.hidden = text === undefined;
    },
    frozen: new Set(frozen.keys()),
  });
  const kept = new KeptValues(linked);
  for (const cell of report.cells) {
    if (cell.kind !== "browser") continue;
    for (const name of cell.outputs) {
      if (Object.hasOwn(values.inputs, name)) kept.preset(cell.id, name, values.inputs[name]);
    }
  }
  const graph: Graph = new Graph({
    builtins: pageBuiltins(list.element, libraries),
    kernel: { ask: async (cell) => frozenValues(values.results[cell]), forget: () => {} },
    place: (id) => list.panel(id)!,
    functionOf: ({ id }) => functions[id]!,
    kept,
    viewed: (cell, name, view) => {
      const computed = frozen.get(name);
      if (computed) freeze(view, computed, list.panel(cell)!.output);
    },
  });
  for (const [id, { ms, preview, shown, error }] of Object.entries(values.results)) {
    list.panel(id)?.results({ ms, preview, shown, error });
  }
  graph.apply(report.cells, []);
  linked.know(report.cells);
  addEventListener("pagehide", () => linked.writeNow());
  return element(
    "div",
    { class: "page report" },
    note,
    list.element,
    element(
      "footer",
      { class: "report-foot" },
      element("strong", {}, "Simile"),
      ` published this from ${report.path}. What the kernel computed is frozen; everything else is alive. `,
      copyLinkButton(linked),
    ),
  );
}

function frozenValues(result: FrozenResult | undefined): KernelValues {
  if (!result) {
    const message = "This cell was not computed when the report was published";
    throw new StatedFailure({ name: "NotPublished", message });
  }
  if (result.error) throw new StatedFailure(result.error);
  return result.values ?? {};
}
