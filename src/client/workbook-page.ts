import { type CellSteps, setCells, setMatter } from "../editing/index.ts";
import {
  type CellDefinition,
  type CellError,
  decode,
  type KernelNotice,
  type PageNotice,
} from "../protocol/index.ts";
import { type Banner, Banners } from "./banners.ts";
import { pageBuiltins } from "./builtins.ts";
import { CellList } from "./cell-list.ts";
import type { CellPanel } from "./cell-panel.ts";
import { CellStates } from "./cell-states.ts";
import { ConflictView } from "./conflicts/index.ts";
import { DocumentModel, type ModelChange } from "./document/index.ts";
import { Finder } from "./editor/find/finder.ts";
import { EditorLanguage } from "./editor/language/editor-language.ts";
import { provisional } from "./editor/provisional.ts";
import { WorkbookEditor } from "./editor/workbook-editor.ts";
import { element } from "./element.ts";
import { cellLink } from "./failure-box.ts";
import { Graph } from "./graph.ts";
import { historyPanel, keptVersions } from "./history/index.ts";
import { addressOf } from "./home/shelf.ts";
import { askForTitle } from "./home/workbook-dialogs.ts";
import { Keeping, type TabText, tabText } from "./keeping/index.ts";
import { KeptValues } from "./kept-values.ts";
import { KernelLink, type KernelResult, type KernelValues } from "./kernel-link.ts";
import { lazyLibraries } from "./lazy-libraries.ts";
import { copyLinkButton, LinkedInputs, pageAddress } from "./link/index.ts";
import { outlinePanel } from "./outline/index.ts";
import { Checkpoints } from "./panels/checkpoints/index.ts";
import { graphPanel, Panels, variablesPanel } from "./panels/index.ts";
import { Presentation } from "./presentation.ts";
import { Said } from "./said.ts";
import { type Connection, Session, type SessionNotice, type Socket } from "./session.ts";
import { TopBar } from "./top-bar.ts";

type WorkbookNotice = Extract<PageNotice, { type: "workbook" }>;
type KernelNews = Extract<PageNotice, { type: "kernel" }>;

type CellNotice = Exclude<KernelNotice, { type: "ready" }>;

/** A workbook as it is open in a page: what the server tells, shown; what the person does, asked for. */
export class WorkbookPage {
  readonly element: HTMLElement;
  readonly #bar: TopBar;
  readonly #banners = new Banners();
  readonly #list: CellList = new CellList({
    definerOf: (name) => this.#graph.definerOf(name),
    run: (cell) => this.#run([cell]),
    makeOnDemand: (cell) => this.#makeOnDemand(cell),
    changed: () => this.#states.look(),
  });
  readonly #linked: LinkedInputs = new LinkedInputs({
    address: pageAddress,
    say: (text) => this.#warn("address", text),
  });
  readonly #states: CellStates = new CellStates(this.#list, (counts) => this.#bar.counts(counts));
  /** Cells that a person wants to run as soon as they are defined as they are written. */
  readonly #asked = new Set<string>();
  readonly #graph: Graph;
  readonly #kernel: KernelLink;
  readonly #session: Session;
  readonly #said = new Said();
  readonly #presentation: Presentation;
  readonly #editor: WorkbookEditor;
  readonly #keeping: Keeping;
  readonly #tab: TabText;
  readonly #language: EditorLanguage;
  readonly #conflicts: ConflictView;
  readonly #finder: Finder;
  /** Panels that have been folded or unfolded as the view says. */
  readonly #folded = new WeakSet<CellPanel>();
  /** Path of the file under the root. */
  #path: string;
  /** The document as it is edited. */
  readonly model: DocumentModel;
  /** What there is to look at beside the cells. */
  readonly panels: Panels = new Panels();
  readonly #checkpoints: Checkpoints;
  #title = "Simile";
  #documentTitle = "";
  #isTrusted = false;
  #kernelState: KernelNews["state"] = "none";

  /**
   * @param connect makes the connection; tests give one of their own
   * @param left of the document, what an earlier tab has left behind
   */
  constructor(path: string, connect?: () => Socket, left?: string) {
    this.#path = path;
    this.#bar = new TopBar({
      stop: () => this.#session.send({ type: "stop" }),
      restart: () => this.#session.send({ type: "restart" }),
      rename: () => this.#rename(),
      toggleView: () => this.#write(!this.#isWriting),
    });
    this.#bar.title(path);
    this.#bar.add(copyLinkButton(this.#linked));
    this.element = element(
      "div",
      { class: "page" },
      this.#bar.element,
      this.#banners.element,
      this.panels.element,
      this.#list.element,
      this.#said.element,
    );
    this.#tab = tabText(path, left);
    this.model = new DocumentModel({
      send: (command) => this.#session.send(command),
      storage: this.#tab,
    });
    this.#keeping = new Keeping({
      model: this.model,
      banners: this.#banners,
      path: () => this.#path,
      say: (text) => this.#said.say(text),
      history: () => this.panels.show("history"),
    });
    if (left !== undefined && !this.model.isAccepted) this.#keeping.foundLeft();
    this.#bar.add(this.#keeping.element);
    this.#conflicts = new ConflictView({
      model: this.model,
      banners: this.#banners,
      say: (text) => this.#said.say(text),
    });
    this.#list.element.before(this.#conflicts.element);
    const client = crypto.randomUUID();
    this.#kernel = new KernelLink(
      {
        send: (request) => this.#session.send(request),
        fetch: (href, signal) => this.#fetch(href, signal),
      },
      client,
    );
    this.#graph = new Graph({
      builtins: pageBuiltins(this.#list.element, lazyLibraries),
      kernel: this.#kernel,
      place: (id) => this.#list.panel(id)!,
      kept: new KeptValues(this.#linked),
    });
    this.#session = new Session(
      path,
      {
        notice: (notice) => this.#hear(notice),
        connection: (state, attempts, resumed) => this.#connection(state, attempts, resumed),
        document: () => this.model.name,
      },
      connect,
      client,
    );
    this.model.onChange((change) => this.#edited(change));
    this.#language = new EditorLanguage({
      workbook: () => this.#path,
      document: this.model,
      definition: (id) => this.#list.definition(id),
      editor: (id) => this.#editor.editor(id),
      visit: (id, offset) => this.#editor.visit(id, offset),
      say: (text) => this.#said.say(text),
    });
    this.#finder = new Finder({
      document: this.model,
      editor: (id) => this.#editor.editor(id),
      show: (id, anchor, head) => this.#editor.show(id, anchor, head),
      write: (id) => this.#editor.write(id),
      say: (text) => this.#said.say(text),
    });
    this.element.append(this.#finder.element);
    this.#editor = new WorkbookEditor({
      document: this.model,
      list: this.#list.element,
      place: (id) => this.#list.place(id),
      run: (cells) => this.#run(cells),
      isWriting: () => this.#isWriting,
      stop: () => this.#session.send({ type: "stop" }),
      restart: () => this.#session.send({ type: "restart" }),
      say: (text) => this.#said.say(text),
      code: (id) => this.#language.code(id),
      text: (id) => this.#finder.marks(id),
      others: {
        find: (cell) => {
          if (!this.#isWriting) this.#write(true);
          this.#finder.open(cell);
        },
        save: () => this.#keeping.save(),
        outline: () => this.panels.toggle("outline"),
        variables: () => this.panels.toggle("variables"),
        graph: () => this.panels.toggle("graph"),
        history: () => this.panels.toggle("history"),
        define: this.#language.define,
        describe: this.#language.describe,
        rename: this.#language.rename,
        retitle: () => this.#rename(),
        toggleView: () => this.#write(!this.#isWriting),
        fullWidth: () => this.#widen(!this.element.classList.contains("is-wide")),
        present: () => this.#presentation.toggle(),
        checkpoints: () => this.panels.toggle("checkpoints"),
        toggleCode: (cell) => {
          const panel = this.#list.panel(cell ?? "");
          panel?.fold(!panel.isFolded);
        },
      },
    });
    this.panels.add(
      outlinePanel({
        model: this.model,
        cell: (id) => this.#list.place(id)?.element,
        visit: (id) => this.#editor.visit(id),
      }),
    );
    const follow = (listener: () => void, signal: AbortSignal) =>
      this.#states.follow(listener, signal);
    const visit = (id: string) => this.#editor.visit(id);
    this.panels.add(
      variablesPanel({
        variables: () => this.#states.variables((name) => this.#graph.valueOf(name)),
        follow,
        visit,
      }),
    );
    this.panels.add(
      graphPanel({
        nodes: () => this.#states.nodes,
        neighbours: () => this.#states.neighbours,
        current: () => this.#editor.current,
        follow,
        visit,
      }),
    );
    this.panels.add(
      historyPanel({
        model: this.model,
        versions: keptVersions(() => this.#path),
        say: (text) => this.#said.say(text),
      }),
    );
    this.#checkpoints = new Checkpoints({
      path: () => this.#path,
      content: () => this.model.content,
      names: () => new Set(this.#list.definitions.flatMap(namesOf)),
      current: () => this.#editor.current,
      insert: (label, steps) => this.#insert(label, steps),
    });
    this.panels.add(this.#checkpoints.panel);
    this.element.append(this.#checkpoints.element);
    addEventListener("pagehide", this.#onHide);
    this.#presentation = new Presentation(this.element, this.#list.element);
    this.element.append(this.#presentation.element, this.#editor.modeLine.element);
    this.#widen(localStorage.getItem(`wide ${path}`) === "yes");
    this.#write(localStorage.getItem(`writing ${path}`) === "yes");
  }

  get #isWriting(): boolean {
    return this.element.classList.contains("is-writing");
  }

  /** Shows the workbook to be written, with the code of every cell, or to be read. */
  #write(isWriting: boolean): void {
    this.element.classList.toggle("is-writing", isWriting);
    this.#bar.view(isWriting);
    localStorage.setItem(`writing ${this.#path}`, isWriting ? "yes" : "no");
    this.#list.keepInView(() => {
      for (const panel of this.#list.panels) panel.fold(!isWriting);
      this.#editor.viewed();
    });
  }

  /** Gives the cells the whole width of the window, or a column. */
  #widen(isWide: boolean): void {
    this.element.classList.toggle("is-wide", isWide);
    localStorage.setItem(`wide ${this.#path}`, isWide ? "yes" : "no");
  }

  /** The cells of the document in this page. */
  get #ids(): readonly string[] {
    return this.model.content.cells.map(({ id }) => id);
  }

  /** The document in this page is another one. */
  #edited(change: Pick<ModelChange, "texts" | "by">): void {
    const hadFocus = this.#list.element.contains(document.activeElement);
    this.#list.arrange(this.model.content.cells, provisional);
    for (const panel of this.#list.panels) {
      if (this.#folded.has(panel)) continue;
      this.#folded.add(panel);
      if (this.#isWriting) panel.fold(false);
    }
    this.#editor.refresh(change);
    if (hadFocus && document.activeElement === document.body) this.#editor.takeFocus();
    this.#presentation.refresh();
    this.#language.changed();
    this.#finder.changed();
    for (const { id, source } of this.model.content.cells) {
      const definition = this.#list.definition(id);
      this.#list.panel(id)?.edited(definition !== undefined && definition.source !== source);
    }
  }

  /**
   * Runs cells as they are written now, whatever their mode; without `cells` all that are edited, out of
   * date or have never run, of which those of another code run. The first run trusts the workbook.
   */
  #run(cells: readonly string[] | undefined): void {
    const due = cells ?? this.#states.due;
    const edited = due.filter((id) => this.#isEdited(id));
    for (const id of this.#isTrusted ? edited : due) this.#asked.add(id);
    this.model.apply(cells);
    if (this.#isTrusted) this.#graph.run(due.filter((id) => !this.#asked.has(id)));
    else this.#session.send({ type: "run" });
  }

  #makeOnDemand(id: string): void {
    const { operations } = setCells(this.model.content, [id], { attributes: { run: "demand" } });
    this.model.edit("run a cell on demand only", operations);
  }

  /** Whether a cell is written otherwise than it is defined. */
  #isEdited(id: string): boolean {
    const definition = this.#list.definition(id);
    const cell = this.model.content.cells.find((other) => other.id === id);
    return cell !== undefined && definition?.source !== cell.source;
  }

  /** Makes new cells and shows the first, with its code. */
  #insert(label: string, { operations, cells }: CellSteps): void {
    this.model.edit(label, operations);
    const [first] = cells;
    if (first === undefined) return;
    this.#list.panel(first)?.fold(false);
    this.#editor.visit(first);
    this.#said.say("A cell that opens them was inserted");
  }

  /** Ends the connection and every cell. */
  close(): void {
    this.#editor.dispose();
    this.#presentation.dispose();
    this.#keeping.dispose();
    this.#language.dispose();
    this.#finder.dispose();
    this.#conflicts.dispose();
    removeEventListener("pagehide", this.#onHide);
    this.model.keepNow();
    this.panels.dispose();
    this.#checkpoints.dispose();
    this.#linked.dispose();
    this.#session.close();
    this.#graph.dispose();
  }

  /** A page that is about to go keeps what was done in it. */
  readonly #onHide = (): void => {
    this.model.keepNow();
    this.#linked.writeNow();
  };

  /** Values of a large result, whose cell shows what came with them. */
  async #fetch(href: string, signal: AbortSignal): Promise<KernelValues | undefined> {
    const result = await fetchResult(href, signal);
    if (result && !signal.aborted) this.#list.panel(result.cell)?.results(result);
    return result?.values;
  }

  #hear(notice: SessionNotice): void {
    if (notice.type === "workbook") this.#open(notice);
    else if (notice.type === "kernel") this.#kernelIs(notice);
    else if (notice.type === "file") this.#keeping.file(notice);
    else if (notice.type === "refused") this.#warn("refused", notice.message);
    else if (isOfCell(notice)) this.#hearOfCell(notice);
    else if (notice.type === "moved") this.#moved(notice.path);
    else if (notice.type !== "ready") {
      this.model.hear(notice);
      if (notice.type === "document") this.#keeping.opened(notice);
    }
  }

  #rename(): void {
    askForTitle({
      title: this.#documentTitle,
      path: this.#path,
      retitle: (title) =>
        this.model.edit("change the title", setMatter("title", title || null).operations),
    });
  }

  /** The file has another path: a reload, a bookmark and the next connection go there. */
  #moved(path: string): void {
    this.#path = path;
    localStorage.setItem(`writing ${path}`, this.#isWriting ? "yes" : "no");
    this.#widen(this.element.classList.contains("is-wide"));
    this.#tab.moved(path);
    this.#session.moved(path);
    history.replaceState(history.state, "", addressOf(path) + location.search + location.hash);
  }

  #hearOfCell(notice: CellNotice): void {
    const panel = this.#list.panel(notice.cell ?? "");
    if (notice.type === "result") {
      panel?.results(notice);
      this.#kernel.receive(notice);
    } else if (notice.type === "run") {
      panel?.runs(notice);
      if (notice.edited && !this.#kernel.awaits(notice.cell)) this.#graph.askAgain(notice.cell);
    } else if (notice.type === "progress") panel?.progresses(notice);
    else if (notice.type === "display") panel?.displays(notice);
    else if (notice.type === "clear") panel?.clears(notice);
    else if (notice.type === "log" && panel) panel.logs(notice);
    else {
      const text = notice.type === "log" ? notice.text : failureText(notice.error);
      if (panel) panel.logs({ level: "error", text });
      else this.#warn("kernel output", `The kernel says: ${text}`);
    }
  }

  /** Shows a message until its subject has a newer one or the person has read it. */
  #warn(subject: string, text: string | undefined): void {
    const dismiss = { text: "Dismiss", press: () => this.#banners.set(subject, undefined) };
    const banner = text === undefined ? undefined : { tone: "warning", text, action: dismiss };
    this.#banners.set(subject, banner as Banner | undefined);
  }

  #open({ title, trusted, order, changed, diagnostics }: WorkbookNotice): void {
    this.#banners.set("refused", undefined);
    if (diagnostics) this.#warn("diagnostics", diagnosticsText(diagnostics));
    this.#bar.title(title || this.#path);
    this.#documentTitle = title;
    this.#title = `${title} · Simile`;
    document.title = this.#title;
    const isFirst = this.#list.definitions.length === 0;
    const gone = this.#list.show(changed, order, this.model.name ? this.#ids : order);
    this.#editor.redefined(changed.map(({ id }) => id));
    if (this.model.name) this.#edited(nothingChanged);
    const becomesTrusted = trusted && !this.#isTrusted;
    this.#isTrusted = trusted;
    this.#banners.set("trust", trusted ? undefined : this.#trustBanner());
    // What has not been run is there to be read.
    if (!this.#isWriting && (!trusted || becomesTrusted)) {
      for (const panel of this.#list.panels) panel.fold(trusted);
    }
    if (trusted) this.#define(becomesTrusted ? this.#list.definitions : changed, gone);
    this.#states.look();
    if (trusted) this.#linked.know(this.#list.definitions);
    const { anchor } = this.#linked;
    if (isFirst && anchor) document.getElementById(anchor)?.scrollIntoView();
  }

  #define(changed: readonly CellDefinition[], gone: readonly string[]): void {
    const asked = new Set(
      changed.map(({ id }) => id).filter((id) => this.#asked.has(id) && !this.#isEdited(id)),
    );
    this.#graph.apply(changed, gone, asked);
    for (const id of [...asked, ...gone]) this.#asked.delete(id);
  }

  #kernelIs(news: KernelNews): void {
    const { state } = news;
    const before = this.#kernelState;
    this.#kernelState = state;
    this.#bar.kernel(news);
    document.title = state === "busy" ? `● ${this.#title}` : this.#title;
    const isGone = state === "died" || state === "none" || state === "starting";
    if (isGone) for (const panel of this.#list.panels) panel.forgetRun();
    if (state === "died") this.#kernel.pause();
    else if (state === "starting" && before !== "none") {
      // It knows nothing of what the one before it was asked, or knew. It is asked once it is there.
      this.#kernel.pause();
      this.#graph.askKernelAgain();
    } else this.#kernel.resume();
    this.#banners.set("kernel", this.#kernelBanner(news));
  }

  /** What is wrong with the kernel, with the button that helps. */
  #kernelBanner({ state, stuck, reason, culprit }: KernelNews): Banner | undefined {
    if (state !== "died" && reason === undefined) return undefined;
    const link = culprit && cellLink(culprit, culprit, () => this.#list.visit(culprit));
    const press = () => this.#session.send({ type: "restart" });
    if (stuck && link) {
      const text = element("span", {}, "Stopping ", link, ` has not helped: ${reason}.`);
      return { tone: "warning", text, action: { text: "End kernel", press } };
    }
    const why = `: ${reason ?? "no reason is known"}.`;
    const after = " Its values are gone, and nothing runs again until you restart it.";
    const text = element(
      "span",
      {},
      "The kernel stopped",
      link ? " while it ran " : "",
      link,
      why,
      after,
    );
    return { tone: "warning", text, action: { text: "Restart", press } };
  }

  #connection(state: Connection, attempts: number, resumed = false): void {
    this.#bar.connection(state);
    this.#keeping.connection(state);
    // Until the server has said how the kernel is.
    if (state === "open" && !resumed) this.#kernel.pause();
    if (state === "open") this.#banners.set("connection", undefined);
    if (attempts < 2 || state === "open") return;
    this.#banners.set("connection", {
      tone: "warning",
      text: "Simile does not answer. If you stopped it, start it again and open the address it prints; what is shown here stays",
      action: { text: "Try now", press: () => this.#session.retry() },
    });
  }

  #trustBanner() {
    const text =
      "This workbook has not been run on this machine. Its code can do whatever a program of yours can: read it below, then run it if you trust it.";
    const press = () => this.#session.send({ type: "run" });
    return { tone: "notice", text, action: { text: "Run", press } } as const;
  }
}

const cellNotices: ReadonlySet<string> = new Set<CellNotice["type"]>([
  "run",
  "progress",
  "result",
  "display",
  "clear",
  "log",
  "uncaught",
  "display",
  "clear",
]);

const nothingChanged = { texts: new Map<string, never>() };

function namesOf(cell: CellDefinition): readonly string[] {
  return cell.kind === "prose" ? [] : cell.outputs;
}

function isOfCell(notice: SessionNotice): notice is CellNotice {
  return cellNotices.has(notice.type);
}

/** A failure outside of any run, with the place in the cell or in a module it comes from. */
function failureText({ name, message, at }: CellError): string {
  const place = at && (at.file === undefined ? `line ${at.line}` : `${at.file}:${at.line}`);
  return `${name}: ${message}${place === undefined ? "" : ` (${place})`}`;
}

/** What is wrong with the text of the file, by line; undefined when nothing is. */
function diagnosticsText(
  diagnostics: NonNullable<WorkbookNotice["diagnostics"]>,
): string | undefined {
  if (diagnostics.length === 0) return undefined;
  return diagnostics.map(({ line, message }) => `Line ${line} of the file: ${message}`).join("; ");
}

async function fetchResult(href: string, signal: AbortSignal): Promise<KernelResult | undefined> {
  const response = await fetch(href, { signal });
  if (response.status === 410) return undefined;
  if (!response.ok)
    throw new Error(`Cannot fetch the values of this cell: the server answered ${response.status}`);
  // The body is the result's own notice, from the same server.
  return decode(new Uint8Array(await response.arrayBuffer())) as KernelResult;
}
