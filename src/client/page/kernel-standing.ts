import type { PageNotice } from "../../protocol/index.ts";
import type { Banners } from "../banners.ts";
import type { CellList } from "../cell-list.ts";
import type { Graph } from "../graph/index.ts";
import type { KernelLink } from "../kernel-link.ts";
import type { TopBar } from "../top-bar.ts";
import { kernelBanner } from "./page-banners.ts";

type KernelNews = Extract<PageNotice, { type: "kernel" }>;

/** What of the page goes by how the kernel is. */
export interface KernelStandingParts {
  readonly bar: Pick<TopBar, "kernel">;
  readonly banners: Pick<Banners, "set">;
  readonly list: Pick<CellList, "panels" | "visit">;
  readonly link: Pick<KernelLink, "pause" | "resume">;
  readonly graph: Pick<Graph, "askKernelAgain">;
  restart(): void;
}

/** How the kernel is: as the bar, the tab and a message say it, and as the page goes by it. */
export class KernelStanding {
  readonly #parts: KernelStandingParts;
  #state: KernelNews["state"] = "none";
  #title = "Simile";

  constructor(parts: KernelStandingParts) {
    this.#parts = parts;
  }

  /** The workbook has this title, which the tab shows. */
  title(text: string): void {
    this.#title = `${text} · Simile`;
    document.title = this.#title;
  }

  hear(news: KernelNews): void {
    const { bar, banners, list, link, graph } = this.#parts;
    const { state } = news;
    const before = this.#state;
    this.#state = state;
    bar.kernel(news);
    document.title = state === "busy" ? `● ${this.#title}` : this.#title;
    const isGone = state === "died" || state === "none" || state === "starting";
    if (isGone) for (const panel of list.panels) panel.forgetRun();
    if (state === "died") link.pause();
    else if (state === "starting" && before !== "none") {
      // It knows nothing of what the one before it was asked, or knew. It is asked once it is there.
      link.pause();
      graph.askKernelAgain();
    } else link.resume();
    const banner = kernelBanner(
      news,
      () => this.#parts.restart(),
      (cell) => list.visit(cell),
    );
    banners.set("kernel", banner);
  }
}
