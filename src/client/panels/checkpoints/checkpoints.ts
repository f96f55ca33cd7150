import { type CellSteps, insertCells } from "../../../editing/index.ts";
import type { EditedWorkbook } from "../../../protocol/index.ts";
import type { Panel } from "../panels.ts";
import { checkpointsPanel } from "./checkpoints-panel.ts";
import { CheckpointDrop } from "./drop.ts";
import { openDropped } from "./open-dropped.ts";
import { openingCell } from "./opening-cell.ts";

/** What checkpoints need of the page. */
export interface CheckpointsOnPage {
  /** Path of the workbook under the root. */
  path(): string;
  content(): EditedWorkbook;
  /** Names that cells declare. */
  names(): ReadonlySet<string>;
  /** The cell that the person is at. */
  current(): string | undefined;
  /** Makes new cells, and shows them. */
  insert(label: string, steps: CellSteps): void;
}

/** Checkpoints of an open workbook: the panel of them, files that are dropped, cells that open them. */
export class Checkpoints {
  readonly panel: Panel;
  readonly #drop: CheckpointDrop;
  readonly #page: CheckpointsOnPage;

  constructor(page: CheckpointsOnPage) {
    this.#page = page;
    const insert = (kind: "series" | "file", path: string) => this.#insert(kind, path);
    this.#drop = new CheckpointDrop({
      workbook: () => page.path(),
      insert,
      openWorkbook: (file) => openDropped(file, page.path()),
    });
    this.panel = checkpointsPanel({ insert, choose: () => this.#drop.choose() });
  }

  /** What is going on with dropped files. */
  get element(): HTMLElement {
    return this.#drop.element;
  }

  dispose(): void {
    this.#drop.dispose();
  }

  #insert(kind: "series" | "file", path: string): void {
    const content = this.#page.content();
    const after = this.#page.current() ?? content.cells.at(-1)?.id ?? null;
    const cell = openingCell(kind, path, this.#page.path(), this.#page.names());
    this.#page.insert("insert a cell that opens checkpoints", insertCells(content, after, [cell]));
  }
}
