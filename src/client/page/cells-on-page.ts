import type { CellDefinition, PageNotice } from "../../protocol/index.ts";
import type { CellPanel } from "../cell/index.ts";
import type { DocumentModel, ModelChange } from "../document/index.ts";
import { provisional } from "../editor/provisional.ts";
import type { Presentation } from "../presentation.ts";
import type { PageView } from "./page-view.ts";
import type { RunningCells } from "./running-cells.ts";
import type { Writing } from "./writing.ts";

/** What stands together on a page. */
export interface CellsOnPageParts {
  readonly model: DocumentModel;
  readonly cells: RunningCells;
  readonly view: PageView;
  readonly writing: Writing;
  presentation(): Presentation;
}

/** The cells that stand on the page: those of the document in it, with what the server knows of each. */
export class CellsOnPage {
  readonly #parts: CellsOnPageParts;
  /** Panels that have been folded or unfolded as the view says. */
  readonly #folded = new WeakSet<CellPanel>();

  constructor(parts: CellsOnPageParts) {
    this.#parts = parts;
  }

  /** The workbook is seen to be written now, or to be read. */
  viewed(isWriting: boolean): void {
    const { writing } = this.#parts;
    const { list } = this.#parts.cells;
    list.keepInView(() => {
      for (const panel of list.panels) panel.fold(!isWriting);
      writing.editor.viewed();
    });
  }

  /** The document in this page is another one. */
  edited(change: Pick<ModelChange, "texts" | "by">): void {
    const { model, view, writing, presentation } = this.#parts;
    const { list } = this.#parts.cells;
    const { cells } = model.content;
    const hadFocus = list.element.contains(document.activeElement);
    list.arrange(cells, provisional);
    for (const panel of list.panels) {
      if (this.#folded.has(panel)) continue;
      this.#folded.add(panel);
      if (view.isWriting) panel.fold(false);
    }
    writing.changed(change, hadFocus);
    presentation().refresh();
    for (const { id, source } of model.content.cells) {
      const definition = list.definition(id);
      list.panel(id)?.edited(definition !== undefined && definition.source !== source);
    }
  }

  /** The server has read the workbook: these cells are defined otherwise now, and run when they may. */
  define({
    trusted,
    order,
    changed,
  }: Pick<Extract<PageNotice, { type: "workbook" }>, "trusted" | "order" | "changed">): void {
    const { model, view, writing, cells } = this.#parts;
    const { list, asked, states, linked } = cells;
    const isFirst = list.definitions.length === 0;
    const gone = list.show(changed, order, model.name ? model.content.cells : undefined);
    writing.editor.redefined(changed.map(({ id }) => id));
    if (model.name) this.edited(nothingChanged);
    const becomesTrusted = asked.trusted(trusted);
    // What has not been run is there to be read.
    if (!view.isWriting && (!trusted || becomesTrusted)) {
      for (const panel of list.panels) panel.fold(trusted);
    }
    // What is text in this page by now has no place to run in.
    const isShown = ({ id, kind }: CellDefinition) =>
      kind === "prose" || list.panel(id) !== undefined;
    const defined = (becomesTrusted ? list.definitions : changed).filter(isShown);
    if (trusted) asked.define(defined, gone);
    states.look();
    if (trusted) linked.know(list.definitions);
    const { anchor } = linked;
    if (isFirst && anchor) document.getElementById(anchor)?.scrollIntoView();
  }
}

const nothingChanged = { texts: new Map<string, never>() };
