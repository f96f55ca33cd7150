import { type CellSteps, setMatter } from "../../editing/index.ts";
import type { CellDefinition, PageCommand, PageNotice } from "../../protocol/index.ts";
import { Banners } from "../banners.ts";
import { ConflictView } from "../conflicts/index.ts";
import { DocumentModel } from "../document/index.ts";
import { element } from "../element.ts";
import { addressOf } from "../home/shelf.ts";
import { askForTitle } from "../home/workbook-dialogs.ts";
import { Keeping, type TabText, tabText, type Unsent } from "../keeping/index.ts";
import { copyLink, copyLinkButton } from "../link/index.ts";
import { Checkpoints } from "../panels/checkpoints/index.ts";
import { Panels } from "../panels/index.ts";
import { Presentation } from "../presentation.ts";
import { Said } from "../said.ts";
import { type Connection, Session, type SessionNotice, type Socket } from "../session.ts";
import { TopBar } from "../top-bar.ts";
import { isOfCell } from "./cell-notices.ts";
import { CellsOnPage } from "./cells-on-page.ts";
import { diagnosticsText, offlineBanner, trustBanner } from "./page-banners.ts";
import { pagePanels } from "./page-panels.ts";
import { PageView } from "./page-view.ts";
import { RunningCells } from "./running-cells.ts";
import { Writing } from "./writing.ts";

type WorkbookNotice = Extract<PageNotice, { type: "workbook" }>;

/** A workbook as it is open in a page: what the server tells, shown; what the person does, asked for. */
export class WorkbookPage {
  readonly element: HTMLElement;
  readonly #bar: TopBar;
  readonly #banners = new Banners();
  readonly #cells: RunningCells;
  readonly #view: PageView;
  readonly #session: Session;
  readonly #said = new Said();
  readonly #presentation: Presentation;
  readonly #writing: Writing;
  readonly #shown: CellsOnPage;
  readonly #keeping: Keeping;
  readonly #tab: TabText;
  readonly #conflicts: ConflictView;
  /** Path of the file under the root. */
  #path: string;
  /** The document as it is edited. */
  readonly model: DocumentModel;
  /** What there is to look at beside the cells. */
  readonly panels: Panels = new Panels();
  readonly #checkpoints: Checkpoints;
  #title = "";

  /**
   * @param at path of the workbook
   * @param connect makes the connection; tests give one of their own
   * @param left of the document, what an earlier tab has left behind
   */
  constructor(at: string, connect?: () => Socket, left?: Unsent) {
    this.#path = at;
    const path = () => this.#path;
    const say = (text: string) => this.#said.say(text);
    const send = (command: PageCommand) => this.#session.send(command);
    const stop = () => send({ type: "stop" });
    const restart = () => send({ type: "restart" });
    this.#bar = new TopBar({
      stop,
      restart,
      rename: () => this.#rename(),
      toggleView: () => this.#view.toggle(),
    });
    this.#bar.title(at);
    this.#tab = tabText(at, left);
    this.model = new DocumentModel({ send, storage: this.#tab });
    const client = crypto.randomUUID();
    this.#cells = new RunningCells({
      model: this.model,
      bar: this.#bar,
      banners: this.#banners,
      client,
      send,
    });
    this.#bar.add(copyLinkButton(this.#cells.linked));
    this.element = element(
      "div",
      { class: "page" },
      this.#bar.element,
      this.#banners.element,
      this.panels.element,
      this.#cells.list.element,
      this.#said.element,
    );
    this.#keeping = new Keeping({
      model: this.model,
      banners: this.#banners,
      path,
      say,
      history: () => this.panels.show("history"),
    });
    if (left !== undefined && !this.model.isAccepted) this.#keeping.foundLeft();
    this.#bar.add(this.#keeping.element);
    this.#conflicts = new ConflictView({
      model: this.model,
      banners: this.#banners,
      say,
    });
    this.#cells.list.element.before(this.#conflicts.element);
    this.#session = new Session(
      at,
      {
        notice: (notice) => this.#hear(notice),
        connection: (state, attempts, resumed) => this.#connection(state, attempts, resumed),
        document: () => this.model.name,
      },
      connect,
      client,
    );
    this.model.onChange((change) => this.#shown.edited(change));
    this.#view = new PageView({
      element: this.element,
      cells: this.#cells.list.element,
      path,
      changed: (isWriting) => {
        this.#bar.view(isWriting);
        this.#shown.viewed(isWriting);
      },
    });
    this.#writing = new Writing({
      model: this.model,
      list: this.#cells.list,
      states: this.#cells.states,
      view: this.#view,
      panels: this.panels,
      keeping: this.#keeping,
      presentation: () => this.#presentation,
      path,
      run: (cells) => this.#cells.asked.run(cells),
      stop,
      restart,
      retitle: () => this.#rename(),
      copyLink: () => void copyLink(this.#cells.linked).then(say),
      say,
    });
    this.element.append(this.#writing.findBar);
    this.#shown = new CellsOnPage({
      model: this.model,
      cells: this.#cells,
      view: this.#view,
      writing: this.#writing,
      presentation: () => this.#presentation,
    });
    const panels = pagePanels({
      model: this.model,
      cells: this.#cells,
      editor: this.#writing.editor,
      problems: this.#writing.problems,
      path,
      say,
    });
    for (const panel of panels) this.panels.add(panel);
    this.#checkpoints = new Checkpoints({
      path,
      content: () => this.model.content,
      names: () => new Set(this.#cells.list.definitions.flatMap(namesOf)),
      current: () => this.#writing.editor.current,
      insert: (label, steps) => this.#insert(label, steps),
    });
    this.panels.add(this.#checkpoints.panel);
    this.element.append(this.#checkpoints.element);
    addEventListener("pagehide", this.#onHide);
    this.#presentation = new Presentation(this.element, this.#cells.list.element);
    this.element.append(this.#presentation.element, this.#writing.editor.modeLine.element);
    this.#view.restore();
  }

  /** Makes new cells and shows the first, with its code. */
  #insert(label: string, { operations, cells }: CellSteps): void {
    this.model.edit(label, operations);
    const [first] = cells;
    if (first === undefined) return;
    this.#cells.list.panel(first)?.fold(false);
    this.#writing.editor.visit(first);
    this.#said.say("A cell that opens them was inserted");
  }

  /** Ends the connection and every cell. */
  close(): void {
    this.#writing.dispose();
    this.#presentation.dispose();
    this.#keeping.dispose();
    this.#conflicts.dispose();
    removeEventListener("pagehide", this.#onHide);
    this.model.keepNow();
    this.panels.dispose();
    this.#checkpoints.dispose();
    this.#session.close();
    this.#cells.dispose();
  }

  /** A page that is about to go keeps what was done in it. */
  readonly #onHide = (): void => {
    this.model.keepNow();
    this.#cells.linked.writeNow();
    this.#view.keep();
  };

  #hear(notice: SessionNotice): void {
    if (notice.type === "workbook") this.#open(notice);
    else if (notice.type === "kernel") this.#cells.kernel.hear(notice);
    else if (notice.type === "file") this.#keeping.file(notice);
    else if (notice.type === "refused") this.#banners.warn("refused", notice.message);
    else if (isOfCell(notice)) this.#cells.hear(notice);
    else if (notice.type === "moved") this.#moved(notice.path);
    else if (notice.type !== "ready") {
      this.model.hear(notice);
      if (notice.type === "document") this.#keeping.opened(notice);
    }
  }

  #rename(): void {
    askForTitle({
      title: this.#title,
      path: this.#path,
      retitle: (title) =>
        this.model.edit("change the title", setMatter("title", title || null).operations),
    });
  }

  /** The file has another path: a reload, a bookmark and the next connection go there. */
  #moved(path: string): void {
    this.#path = path;
    this.#view.remember();
    this.#tab.moved(path);
    this.#session.moved(path);
    history.replaceState(history.state, "", addressOf(path) + location.search + location.hash);
  }

  #open(notice: WorkbookNotice): void {
    const { title, trusted, diagnostics } = notice;
    this.#banners.set("refused", undefined);
    if (diagnostics) this.#banners.warn("diagnostics", diagnosticsText(diagnostics));
    this.#bar.title(title || this.#path);
    this.#title = title;
    this.#cells.kernel.title(title);
    const trust = () => this.#session.send({ type: "run" });
    this.#banners.set("trust", trusted ? undefined : trustBanner(trust));
    this.#shown.define(notice);
  }

  #connection(state: Connection, attempts: number, resumed = false): void {
    this.#bar.connection(state);
    this.#keeping.connection(state);
    // Until the server has said how the kernel is.
    if (state === "open" && !resumed) this.#cells.pause();
    if (state === "open") this.#banners.set("connection", undefined);
    if (attempts < 2 || state === "open") return;
    this.#banners.set(
      "connection",
      offlineBanner(() => this.#session.retry()),
    );
  }
}

function namesOf(cell: CellDefinition): readonly string[] {
  return cell.kind === "prose" ? [] : cell.outputs;
}
