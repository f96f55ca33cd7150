import type {
  CellDefinition,
  CellError,
  HeldValue,
  KernelNotice,
  ShownBundle,
  StaleReason,
} from "../../protocol/index.ts";
import { button, element } from "../element.ts";
import { type FailureContext, failureBox } from "../failure-box.ts";
import type { CellPlace } from "../graph/index.ts";
import type { CellState } from "../sign.ts";
import { CellCode } from "./cell-code.ts";
import { type CellFacts, isDue, nothingYet, stateOf } from "./cell-facts.ts";
import { cellName } from "./cell-name.ts";
import { CellStatus } from "./cell-status.ts";
import { DemandOffer } from "./demand-offer.ts";
import { LogView } from "./log-view.ts";
import { RunProgress } from "./run-progress.ts";
import { ShownView } from "./shown-view.ts";

type CodeCell = Extract<CellDefinition, { kind: "browser" | "kernel" }>;

/** What a panel needs of the workbook. */
export interface CellContext extends Omit<FailureContext, "cell" | "runAgain"> {
  /** Runs a cell; undefined where nothing can run. */
  readonly run?: ((cell: string) => void) | undefined;
  /** Makes a cell run on demand only. */
  readonly makeOnDemand?: ((cell: string) => void) | undefined;
  /** Hears that the cell is at something else, or out of date in another way. */
  readonly changed?: (() => void) | undefined;
}

/** A code cell on the page: its sign, its folded source, what it shows, its failure and its log. */
export class CellPanel implements CellPlace {
  readonly element: HTMLElement;
  readonly output: HTMLElement = element("div", { class: "output observablehq" });
  readonly #context: CellContext & FailureContext;
  readonly #names = element("span", { class: "names" });
  readonly #mode = element("span", { class: "mode", hidden: true });
  readonly #play: HTMLButtonElement;
  readonly #status = new CellStatus();
  readonly #code: CellCode;
  readonly #progress: RunProgress;
  readonly #offer: DemandOffer;
  readonly #shown = new ShownView();
  readonly #preview = element("pre", { class: "preview", hidden: true });
  readonly #failure = element("div");
  readonly #log: LogView;
  #facts: CellFacts = nothingYet;
  #told = "";

  constructor(definition: CodeCell, context: CellContext) {
    const { id, kind } = definition;
    const { run, makeOnDemand } = context;
    this.#context = { ...context, cell: id, runAgain: run && (() => run(id)) };
    this.#play = button("▶", () => run?.(id), {
      class: "play",
      title: "Run (Ctrl+Enter)",
      "aria-label": `Run ${id}`,
      hidden: true,
    });
    this.#log = new LogView(`Log of ${id}`);
    this.#code = new CellCode(id);
    this.#progress = new RunProgress(id);
    this.#offer = new DemandOffer(makeOnDemand && (() => makeOnDemand(id)));
    this.element = element(
      "section",
      { class: "cell", id: `cell-${id}`, "data-kind": kind, "data-cell": id },
      this.#status.sign,
      element(
        "div",
        { class: "cell-bar" },
        this.#names,
        this.#play,
        this.#mode,
        this.#status.why,
        this.#status.element,
        this.#code.button,
        this.#progress.element,
      ),
      this.#code.source,
      this.#code.place,
      this.#offer.element,
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
    const { html, kind } = definition;
    // Escaped and highlighted by the server from the cell's own source.
    this.read(html);
    this.#names.textContent = cellName(definition);
    this.element.dataset["kind"] = kind;
    this.#mode.textContent = definition.run === "once" ? "once" : "on demand";
    this.#mode.hidden = definition.run === "live";
    this.#play.hidden = definition.run === "live" || !this.#context.run;
    this.#know({ mode: definition.run });
  }

  /** Shows another source than that of the definition, highlighted: one that is edited and has not been run. */
  read(html: string): void {
    this.#code.read(html);
  }

  /** Shows an editor in place of the source, or the source again. */
  write(editor: HTMLElement | undefined): void {
    this.#code.write(editor);
  }

  /** Folds or unfolds the source; marks a line of it. */
  fold(isFolded: boolean, line?: number): void {
    this.#code.fold(isFolded, line);
  }

  pending(): void {
    this.element.classList.add("is-pending");
    this.#know({ isPending: true, since: performance.now() });
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
    this.#know({ stale: reasons });
  }

  /** Says which names it reads that are out of date. */
  leansOn(names: readonly string[]): void {
    if (names.join() !== this.#facts.leansOn.join()) this.#know({ leansOn: names });
  }

  /** Whether the cell itself is out of date: not merely what it reads. */
  get isStale(): boolean {
    return this.#facts.stale.length > 0;
  }

  /** Whether it is to run when everything is run that is edited or out of date. An edited live cell does if need be. */
  get isDue(): boolean {
    return isDue(this.#facts);
  }

  /** What the kernel has said of the cell's names. */
  get held(): readonly HeldValue[] {
    return this.#facts.held;
  }

  /** Takes in how the kernel's run of this cell goes. */
  runs(notice: Extract<KernelNotice, { type: "run" }>): void {
    const { state, why = [], ms } = notice;
    if (state === "running") {
      this.#log.clear();
      this.#shown.begin();
    }
    if (state !== "running" && state !== "queued") this.#progress.end();
    if (state === "done" && ms !== undefined) this.#offer.ran(ms, this.#facts.mode === "live");
    const isOver = state === "done" || state === "failed" || state === "stale";
    this.#know({
      run: isOver ? undefined : { state, why },
      ...(state === "running" && { since: performance.now() }),
      ...(state !== "running" && state !== "queued" && { progress: "" }),
      ...(ms !== undefined && { took: ms }),
    });
  }

  progresses(notice: Extract<KernelNotice, { type: "progress" }>): void {
    this.#know({ progress: this.#progress.show(notice) });
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
    if (this.#facts.mode === "demand" || this.isStale) this.stale(stale ?? []);
    if (unchanged) this.#shown.restore();
    // What a large result shows comes with its values.
    else if (href === undefined) this.#shown.settle(shown);
    if (!error) this.#showPreview(preview, shown);
    this.#know({
      made: age === undefined ? undefined : performance.now() - age,
      ...(held && { held }),
      ...(!error && { took: ms }),
    });
  }

  /** The kernel is gone: nothing of what it was doing goes on. */
  forgetRun(): void {
    this.#progress.end();
    this.#know({ run: undefined, progress: "" });
  }

  /** Marks that the source is another than that which runs. */
  edited(isEdited: boolean): void {
    if (isEdited !== this.#facts.isEdited) this.#know({ isEdited });
    this.element.classList.toggle("is-edited", isEdited);
  }

  /** Ends what it does by itself: it is gone from the page. */
  dispose(): void {
    this.element.remove();
    this.#status.dispose();
  }

  get isFolded(): boolean {
    return this.#code.isFolded;
  }

  /** What its last run failed with, unless it is edited since or runs again. */
  get failure(): CellError | undefined {
    return this.state === "failed" ? this.#facts.error : undefined;
  }

  get state(): CellState {
    return stateOf(this.#facts);
  }

  #showPreview(preview: string | undefined, shown: readonly ShownBundle[]): void {
    // Of what is shown as more than text, the text is not wanted too.
    const isMore = shown.some(({ bundle }) => bundle["text/plain"] === preview);
    this.#preview.textContent = isMore ? "" : (preview ?? "");
    this.#preview.hidden = isMore || !preview;
  }

  #settle(error: CellError | undefined): void {
    this.element.classList.remove("is-pending");
    const isTold = error && error.name !== "OnDemand";
    this.#failure.replaceChildren(...(isTold ? [failureBox(error, this.#context)] : []));
    this.#know({ isPending: false, error });
  }

  /** Takes in what is known of the cell now; others hear of it when it is at something else by that. */
  #know(facts: Partial<CellFacts>): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#status.show(this.#facts);
    const { state } = this;
    this.element.dataset["state"] = state;
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
