import type {
  CellDefinition,
  CellError,
  HeldValue,
  KernelNotice,
  ShownBundle,
  StaleReason,
} from "../protocol/index.ts";
import { cellName } from "./cell-name.ts";
import { CellTimes } from "./cell-times.ts";
import { button, element } from "./element.ts";
import { type FailureContext, failureBox } from "./failure-box.ts";
import type { CellPlace } from "./graph/index.ts";
import { LogView } from "./log-view.ts";
import { ShownView } from "./shown-view.ts";
import { agoText, bytesText, type CellState, durationText, reasonsText, Sign } from "./sign.ts";

type CodeCell = Extract<CellDefinition, { kind: "browser" | "kernel" }>;

/** How long a run may take before the cell says so: a sign that flashes tells nothing. */
const patience = 250;

/** How often the age of a value that is kept is told anew. */
const ageInterval = 20_000;

/** Bytes from which it is told what a cell holds. */
const worthTelling = 100_000;

/** What a panel needs of the workbook. */
export interface CellContext extends Omit<FailureContext, "cell" | "runAgain"> {
  /** Runs a cell; undefined where nothing can run. */
  readonly run?: ((cell: string) => void) | undefined;
  /** Makes a cell run on demand only. */
  readonly makeOnDemand?: ((cell: string) => void) | undefined;
  /** Hears that the cell is at something else, or out of date in another way. */
  readonly changed?: (() => void) | undefined;
}

/** How long a run has gone on before it is told how long it will. */
const toldAfter = 1_000;

/** A code cell on the page: its sign, its folded source, what it shows, its failure and its log. */
export class CellPanel implements CellPlace {
  readonly element: HTMLElement;
  readonly output: HTMLElement = element("div", { class: "output observablehq" });
  readonly #context: CellContext & FailureContext;
  readonly #sign = new Sign();
  readonly #status = element("span", { class: "status" });
  readonly #names = element("span", { class: "names" });
  readonly #why = element("span", { class: "why" });
  readonly #mode = element("span", { class: "mode", hidden: true });
  readonly #play: HTMLButtonElement;
  readonly #offer = element("p", { class: "offer", hidden: true });
  readonly #times = new CellTimes();
  readonly #code: HTMLElement;
  readonly #writing = element("div", { class: "writing", hidden: true });
  readonly #fold: HTMLButtonElement;
  readonly #preview = element("pre", { class: "preview", hidden: true });
  readonly #progress = element("progress", { max: 1, hidden: true });
  readonly #shown = new ShownView();
  readonly #failure = element("div");
  readonly #log: LogView;
  #isFolded = true;
  #isPending = false;
  #error: CellError | undefined;
  #run: KernelRun | undefined;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #progressText = "";
  /** When the run began to count, and from what. */
  #counting: { readonly since: number; readonly from: number } | undefined;
  #took: number | undefined;
  #runMode: CodeCell["run"] = "live";
  #isEdited = false;
  #stale: readonly StaleReason[] = [];
  #leansOn: readonly string[] = [];
  /** When the value was made that is kept, on the page's clock. */
  #made: number | undefined;
  #held: readonly HeldValue[] = [];
  #told = "";

  constructor(definition: CodeCell, context: CellContext) {
    const { id, kind } = definition;
    const { run } = context;
    this.#context = { ...context, cell: id, runAgain: run && (() => run(id)) };
    this.#play = button("▶", () => run?.(id), {
      class: "play",
      title: "Run (Ctrl+Enter)",
      "aria-label": `Run ${id}`,
      hidden: true,
    });
    this.#log = new LogView(`Log of ${id}`);
    const codeId = `code-${id}`;
    this.#code = element("pre", { class: "code", id: codeId, hidden: true, tabindex: 0 });
    this.#fold = button("code", () => this.fold(!this.#isFolded), {
      class: "fold",
      "aria-expanded": "false",
      "aria-controls": codeId,
    });
    this.element = element(
      "section",
      { class: "cell", id: `cell-${id}`, "data-kind": kind, "data-cell": id },
      this.#sign.element,
      element(
        "div",
        { class: "cell-bar" },
        this.#names,
        this.#play,
        this.#mode,
        this.#why,
        this.#status,
        this.#fold,
        this.#progress,
      ),
      this.#code,
      this.#writing,
      this.#offer,
      this.output,
      this.#shown.element,
      this.#preview,
      this.#failure,
      this.#log.element,
    );
    this.define(definition);
  }

  /** Shows another definition of the same cell. */
  define(definition: CodeCell): void {
    const { id, html, kind } = definition;
    // Escaped and highlighted by the server from the cell's own source.
    this.read(html);
    this.#names.textContent = cellName(definition);
    this.#fold.setAttribute("aria-label", `code of ${id}`);
    this.element.dataset["kind"] = kind;
    this.#runMode = definition.run;
    this.#mode.textContent = definition.run === "once" ? "once" : "on demand";
    this.#mode.hidden = definition.run === "live";
    this.#play.hidden = definition.run === "live" || !this.#context.run;
    this.#update();
  }

  /** Shows another source than that of the definition, highlighted: one that is edited and has not been run. */
  read(html: string): void {
    const code = element("code");
    code.innerHTML = html;
    this.#code.replaceChildren(code);
  }

  /** Shows an editor in place of the source, or the source again. */
  write(editor: HTMLElement | undefined): void {
    // An editor that is there already keeps its focus and its scroll.
    if (!editor || editor.parentNode !== this.#writing) {
      this.#writing.replaceChildren(...(editor ? [editor] : []));
    }
    this.fold(editor ? false : this.#isFolded);
  }

  /** Folds or unfolds the source; marks a line of it. */
  fold(isFolded: boolean, line?: number): void {
    const isWriting = this.#writing.childElementCount > 0;
    this.#isFolded = isFolded;
    this.#writing.hidden = isFolded || !isWriting;
    this.#code.hidden = isFolded || isWriting;
    this.#fold.setAttribute("aria-expanded", String(!isFolded));
    this.#code.querySelector(".marked-line")?.remove();
    if (line !== undefined) {
      this.#code.append(element("span", { class: "marked-line", style: `--line:${line - 1}` }));
    }
  }

  pending(): void {
    this.#isPending = true;
    this.#since = performance.now();
    this.element.classList.add("is-pending");
    this.#update();
  }

  fulfilled(): void {
    this.#settle(undefined);
  }

  failed(error: CellError): void {
    this.#preview.hidden = true;
    this.#settle(error);
  }

  /** Says why the value is not of what the cell reads now. */
  stale(reasons: readonly StaleReason[]): void {
    this.#stale = reasons;
    this.#update();
  }

  /** Says which names it reads that are out of date. */
  leansOn(names: readonly string[]): void {
    if (names.join() === this.#leansOn.join()) return;
    this.#leansOn = names;
    this.#update();
  }

  /** Whether the cell itself is out of date: not merely what it reads. */
  get isStale(): boolean {
    return this.#stale.length > 0;
  }

  /** Whether it is to run when everything is run that is edited or out of date. An edited live cell does if need be. */
  get isDue(): boolean {
    const isKept = this.#isEdited && this.#runMode !== "live";
    return isKept || this.isStale || this.#error?.name === "OnDemand";
  }

  /** What the kernel has said of the cell's names. */
  get held(): readonly HeldValue[] {
    return this.#held;
  }

  /** Takes in how the kernel's run of this cell goes. */
  runs(notice: Extract<KernelNotice, { type: "run" }>): void {
    const { state, why = [], ms } = notice;
    if (state === "running") {
      this.#since = performance.now();
      this.#log.clear();
      this.#shown.begin();
    }
    if (state !== "running" && state !== "queued") this.#setProgress(undefined);
    if (ms !== undefined) this.#took = ms;
    if (state === "done" && ms !== undefined) this.#ranFor(ms);
    const isOver = state === "done" || state === "failed" || state === "stale";
    this.#run = isOver ? undefined : { state, why };
    this.#update();
  }

  progresses({ done, total, label }: Extract<KernelNotice, { type: "progress" }>): void {
    this.#setProgress({ done, total, label });
    this.#update();
  }

  logs(notice: Omit<Extract<KernelNotice, { type: "log" }>, "type" | "cell">): void {
    this.#log.add(notice);
  }

  displays(notice: Extract<KernelNotice, { type: "display" }>): void {
    this.#shown.show(notice, notice.update === true);
  }

  clears({ wait }: Pick<Extract<KernelNotice, { type: "clear" }>, "wait">): void {
    this.#shown.clear(wait);
  }

  /** Takes in what the kernel said of this cell besides its values. */
  results({
    ms,
    preview,
    shown = [],
    unchanged,
    href,
    error,
    stale,
    age,
    held,
  }: CellSummary): void {
    if (this.#runMode === "demand" || this.isStale) this.stale(stale ?? []);
    this.#made = age === undefined ? undefined : performance.now() - age;
    if (held) this.#held = held;
    if (unchanged) this.#shown.restore();
    // What a large result shows comes with its values.
    else if (href === undefined) this.#shown.settle(shown);
    if (error) return;
    this.#took = ms;
    // Of what is shown as more than text, the text is not wanted too.
    const isMore = shown.some(({ bundle }) => bundle["text/plain"] === preview);
    this.#preview.textContent = isMore ? "" : (preview ?? "");
    this.#preview.hidden = isMore || !preview;
    this.#update();
  }

  /** The kernel is gone: nothing of what it was doing goes on. */
  forgetRun(): void {
    this.#run = undefined;
    this.#setProgress(undefined);
    this.#update();
  }

  /** Marks that the source is another than that which runs. */
  edited(isEdited: boolean): void {
    if (isEdited !== this.#isEdited) {
      this.#isEdited = isEdited;
      this.#update();
    }
    this.element.classList.toggle("is-edited", isEdited);
  }

  get isFolded(): boolean {
    return this.#isFolded;
  }

  get state(): CellState {
    if (this.#run?.state === "running") return "running";
    if (this.#run?.state === "queued" && this.#isPending) return "queued";
    if (this.#isPending) return "waiting";
    if (this.#isEdited) return "edited";
    if (this.#error?.name === "OnDemand") return "demand";
    if (this.#error?.blockedBy !== undefined) return "blocked";
    if (this.#error) return this.#error.name === "Stopped" ? "stopped" : "failed";
    if (this.#run?.state === "stopped") return "stopped";
    if (this.isStale || this.#leansOn.length > 0) return "stale";
    return this.#made === undefined ? "idle" : "cached";
  }

  /** Offers that a cell that is long run on demand. */
  #ranFor(milliseconds: number): void {
    this.#times.add(milliseconds);
    const { makeOnDemand, cell } = this.#context;
    const isOffered = this.#times.isLong && this.#runMode === "live" && makeOnDemand !== undefined;
    this.#offer.hidden = !isOffered;
    if (!isOffered) return;
    const close = () => {
      this.#times.refuse();
      this.#offer.hidden = true;
    };
    this.#offer.replaceChildren(
      `Each run takes ${durationText(milliseconds)}. `,
      button(
        "Run it on demand only",
        () => {
          close();
          makeOnDemand(cell);
        },
        { class: "small" },
      ),
      " ",
      button("Leave it", close, { class: "small quiet" }),
    );
  }

  #settle(error: CellError | undefined): void {
    this.#isPending = false;
    this.#error = error;
    this.element.classList.remove("is-pending");
    const isTold = error && error.name !== "OnDemand";
    this.#failure.replaceChildren(...(isTold ? [failureBox(error, this.#context)] : []));
    this.#update();
  }

  #setProgress(now: { done: number; total: number; label?: string | undefined } | undefined): void {
    this.#progress.hidden = now === undefined;
    this.#progressText = "";
    if (!now) {
      this.#counting = undefined;
      return;
    }
    // What came before the first count, loading say, tells nothing of how fast it goes.
    this.#counting ??= { since: performance.now(), from: now.done };
    this.#progress.max = now.total || 1;
    this.#progress.value = now.done;
    const text = `${now.done.toLocaleString("en")} of ${now.total.toLocaleString("en")}`;
    const left = now.total - now.done;
    const { since, from } = this.#counting;
    const elapsed = performance.now() - since;
    const rest = (elapsed / (now.done - from)) * left;
    // Of the first moments nothing can be told.
    const isTold = left > 0 && now.done > from && elapsed > toldAfter;
    const time = isTold ? `· ${durationText(rest)} left` : "";
    this.#progressText = [text, now.label, time].filter(Boolean).join(" ");
    this.#progress.setAttribute("aria-label", `${this.#context.cell}: ${this.#progressText}`);
  }

  /** Brings sign and status up to date, and again after a while as long as something goes on. */
  #update(): void {
    clearTimeout(this.#timer);
    const { state } = this;
    const elapsed = performance.now() - this.#since;
    const isLasting = state === "running" || state === "queued" || state === "waiting";
    const shown = isLasting && elapsed < patience ? "idle" : state;
    const because = this.#because(state);
    const detail = state === "running" ? durationText(elapsed) : because;
    this.#sign.show(shown, detail);
    this.element.dataset["state"] = state;
    this.#why.textContent = state === "stale" ? because : "";
    this.#status.textContent =
      shown === "running"
        ? [durationText(elapsed), this.#progressText].filter(Boolean).join(" · ")
        : isLasting
          ? ""
          : this.#restText();
    this.#status.title = isLasting ? "" : "What the last run took, and about what its names hold";
    const isDue = isLasting && (shown === "idle" || state === "running");
    const wait = shown === "idle" ? patience : 100;
    if (isDue) this.#timer = setTimeout(() => this.#update(), wait);
    else if (state === "cached") this.#timer = setTimeout(() => this.#update(), ageInterval);
    this.#tellOthers(state);
  }

  #because(state: CellState): string {
    if (state === "cached") return agoText(performance.now() - this.#made!);
    if (state === "demand") return "press ▶ to run it";
    if (state === "edited") return "and not run";
    if (state === "stale") {
      return this.isStale
        ? reasonsText(this.#stale)
        : `${this.#leansOn.join(", ")} ${this.#leansOn.length === 1 ? "is" : "are"} out of date`;
    }
    return this.#run?.why.length ? `because ${this.#run.why.join(", ")} changed` : "";
  }

  /** What the last run took, and what is held of it. */
  #restText(): string {
    const bytes = this.#held.reduce((sum, value) => sum + value.bytes, 0);
    return [
      this.#took !== undefined && durationText(this.#took),
      bytes >= worthTelling && bytesText(bytes),
      this.state === "cached" && agoText(performance.now() - this.#made!),
    ]
      .filter((text) => text !== false)
      .join(" · ");
  }

  #tellOthers(state: CellState): void {
    const told = `${state} ${this.isStale}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#context.changed?.();
  }
}

interface CellSummary {
  readonly ms: number;
  readonly preview?: string | undefined;
  readonly shown?: readonly ShownBundle[] | undefined;
  readonly unchanged?: true | undefined;
  readonly href?: string | undefined;
  readonly error?: CellError | undefined;
  readonly stale?: readonly StaleReason[] | undefined;
  readonly age?: number | undefined;
  readonly held?: readonly HeldValue[] | undefined;
}

interface KernelRun {
  readonly state: "queued" | "running" | "stale" | "stopped";
  readonly why: readonly string[];
}
