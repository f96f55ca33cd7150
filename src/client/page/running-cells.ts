import { setCells } from "../../editing/index.ts";
import type { PageCommand } from "../../protocol/index.ts";
import type { Banners } from "../banners.ts";
import { pageBuiltins } from "../builtins.ts";
import { CellList } from "../cell-list.ts";
import { CellStates } from "../cell-states.ts";
import type { DocumentModel } from "../document/index.ts";
import { Graph } from "../graph/index.ts";
import { KeptValues } from "../kept-values.ts";
import { KernelLink } from "../kernel-link.ts";
import { lazyLibraries } from "../lazy-libraries.ts";
import { LinkedInputs, pageAddress } from "../link/index.ts";
import type { TopBar } from "../top-bar.ts";
import { AskedCells } from "./asked-cells.ts";
import { type CellNotice, CellNotices } from "./cell-notices.ts";
import { KernelStanding } from "./kernel-standing.ts";

/** What running cells need of the page. */
export interface RunningCellsParts {
  readonly model: DocumentModel;
  readonly bar: TopBar;
  readonly banners: Banners;
  /** Names this page to server and kernel. */
  readonly client: string;
  send(command: PageCommand): void;
}

/** The cells of an open workbook as they run: shown, computed here and in the kernel, asked for by the person. */
export class RunningCells {
  readonly list: CellList;
  readonly states: CellStates;
  readonly graph: Graph;
  /** Inputs whose values are in the address of the page. */
  readonly linked: LinkedInputs;
  readonly asked: AskedCells;
  readonly kernel: KernelStanding;
  readonly #link: KernelLink;
  readonly #notices: CellNotices;

  constructor({ model, bar, banners, client, send }: RunningCellsParts) {
    const list: CellList = new CellList({
      definerOf: (name) => this.graph.definerOf(name),
      run: (cell) => this.asked.run([cell]),
      makeOnDemand: (cell) => makeOnDemand(model, cell),
      changed: () => this.states.look(),
    });
    this.list = list;
    this.states = new CellStates(list, (counts) => bar.counts(counts));
    this.linked = new LinkedInputs({
      address: pageAddress,
      say: (text) => banners.warn("address", text),
    });
    this.#link = new KernelLink(
      { send, fetch: (href, signal) => this.#notices.fetch(href, signal) },
      client,
    );
    this.graph = new Graph({
      builtins: pageBuiltins(list.element, lazyLibraries),
      kernel: this.#link,
      place: (id) => list.panel(id)!,
      kept: new KeptValues(this.linked),
    });
    const around = { list, banners, link: this.#link, graph: this.graph };
    this.#notices = new CellNotices(around);
    this.kernel = new KernelStanding({ ...around, bar, restart: () => send({ type: "restart" }) });
    this.asked = new AskedCells({
      ...around,
      model,
      states: this.states,
      trust: () => send({ type: "run" }),
    });
  }

  /** Takes what a kernel says of cells. */
  hear(notice: CellNotice): void {
    this.#notices.hear(notice);
  }

  /** Holds back what the kernel is asked, until the server has said how it is. */
  pause(): void {
    this.#link.pause();
  }

  dispose(): void {
    this.linked.dispose();
    this.graph.dispose();
    this.list.dispose();
  }
}

function makeOnDemand(model: DocumentModel, id: string): void {
  const { operations } = setCells(model.content, [id], { attributes: { run: "demand" } });
  model.edit("run a cell on demand only", operations);
}
