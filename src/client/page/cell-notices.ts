import {
  type CellError,
  decode,
  type KernelNotice,
  type PageNotice,
} from "../../protocol/index.ts";
import type { Banners } from "../banners.ts";
import type { CellList } from "../cell-list.ts";
import type { Graph } from "../graph/index.ts";
import type { KernelLink, KernelResult, KernelValues } from "../kernel-link.ts";

/** What a kernel says of a cell, or of code that runs for none. */
export type CellNotice = Exclude<KernelNotice, { type: "ready" }>;

/** Who on the page is told what a kernel says of cells. */
export interface CellNoticesParts {
  readonly list: Pick<CellList, "panel">;
  readonly link: Pick<KernelLink, "receive" | "awaits">;
  readonly graph: Pick<Graph, "askAgain">;
  readonly banners: Pick<Banners, "warn">;
}

const cellNotices: ReadonlySet<string> = new Set<CellNotice["type"]>([
  "run",
  "progress",
  "result",
  "display",
  "clear",
  "log",
  "uncaught",
]);

export function isOfCell(notice: PageNotice): notice is CellNotice & PageNotice {
  return cellNotices.has(notice.type);
}

/** What a kernel says of cells, on its way to their panels and to the graph. */
export class CellNotices {
  readonly #parts: CellNoticesParts;

  constructor(parts: CellNoticesParts) {
    this.#parts = parts;
  }

  hear(notice: CellNotice): void {
    const { list, link, graph, banners } = this.#parts;
    const panel = list.panel(notice.cell ?? "");
    if (notice.type === "result") {
      panel?.results(notice);
      link.receive(notice);
    } else if (notice.type === "run") {
      panel?.runs(notice);
      if (notice.edited && !link.awaits(notice.cell)) graph.askAgain(notice.cell);
    } else if (notice.type === "progress") panel?.progresses(notice);
    else if (notice.type === "display") panel?.displays(notice);
    else if (notice.type === "clear") panel?.clears(notice);
    else if (notice.type === "log" && panel) panel.logs(notice);
    else {
      const text = notice.type === "log" ? notice.text : failureText(notice.error);
      if (panel) panel.logs({ level: "error", text });
      else banners.warn("kernel output", `The kernel says: ${text}`);
    }
  }

  /** Values of a large result, whose cell shows what came with them; undefined when a newer one is there. */
  async fetch(href: string, signal: AbortSignal): Promise<KernelValues | undefined> {
    const result = await fetchResult(href, signal);
    if (result && !signal.aborted) this.#parts.list.panel(result.cell)?.results(result);
    return result?.values;
  }
}

/** A failure outside of any run, with the place in the cell or in a module it comes from. */
function failureText({ name, message, at }: CellError): string {
  const place = at && (at.file === undefined ? `line ${at.line}` : `${at.file}:${at.line}`);
  return `${name}: ${message}${place === undefined ? "" : ` (${place})`}`;
}

async function fetchResult(href: string, signal: AbortSignal): Promise<KernelResult | undefined> {
  const response = await fetch(href, { signal });
  if (response.status === 410) return undefined;
  if (!response.ok)
    throw new Error(`Cannot fetch the values of this cell: the server answered ${response.status}`);
  // The body is the result's own notice, from the same server.
  return decode(new Uint8Array(await response.arrayBuffer())) as KernelResult;
}
