import type { CellDefinition, CellError, KernelNotice, ShownBundle } from "../protocol/index.ts";
import { button, element } from "./element.ts";
import { type FailureContext, failureBox } from "./failure-box.ts";
import type { CellPlace } from "./graph.ts";
import { LogView } from "./log-view.ts";
import { ShownView } from "./shown-view.ts";
import { type CellState, durationText, Sign } from "./sign.ts";

type CodeCell = Extract<CellDefinition, { kind: "browser" | "kernel" }>;

/** How long a run may take before the cell says so: a sign that flashes tells nothing. */
const patience = 250;

/** How long a run has gone on before it is told how long it will. */
const toldAfter = 1_000;

/** A code cell on the page: its sign, its folded source, what it shows, its failure and its log. */
export class CellPanel implements CellPlace {
  readonly element: HTMLElement;
  readonly output: HTMLElement = element("div", { class: "output observablehq" });
  readonly #context: FailureContext;
  readonly #sign = new Sign();
  readonly #status = element("span", { class: "status" });
  readonly #names = element("span", { class: "names" });
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
  #took: number | undefined;

  constructor(definition: CodeCell, context: Omit<FailureContext, "cell">) {
    const { id, kind } = definition;
    this.#context = { ...context, cell: id };
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
      element("div", { class: "cell-bar" }, this.#names, this.#status, this.#fold),
      this.#code,
      this.#writing,
      this.#progress,
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
    const names = definition.kind === "kernel" ? definition.wanted.join(", ") : "";
    this.#names.textContent = names || id;
    this.#fold.setAttribute("aria-label", `code of ${id}`);
    this.element.dataset["kind"] = kind;
  }

  /** Shows another source than that of the definition, highlighted: one that is edited and has not been run. */
  read(html: string): void {
    const code = element("code");
    code.innerHTML = html;
    this.#code.replaceChildren(code);
  }

  /** Shows an editor in place of the source, or the source again. */
  write(editor: HTMLElement | undefined): void {
    this.#writing.replaceChildren(...(editor ? [editor] : []));
    this.fold(false);
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
    this.#run = state === "done" || state === "failed" ? undefined : { state, why };
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
  results({ ms, preview, shown = [], unchanged, href, error }: CellSummary): void {
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
    this.element.classList.toggle("is-edited", isEdited);
  }

  get isFolded(): boolean {
    return this.#isFolded;
  }

  get state(): CellState {
    if (this.#run?.state === "running") return "running";
    if (this.#run?.state === "queued" && this.#isPending) return "queued";
    if (this.#isPending) return "waiting";
    if (!this.#error) return this.#run?.state === "stale" ? "stale" : "idle";
    if (this.#error.blockedBy !== undefined) return "blocked";
    return this.#error.name === "Stopped" ? "stopped" : "failed";
  }

  #settle(error: CellError | undefined): void {
    this.#isPending = false;
    this.#error = error;
    this.element.classList.remove("is-pending");
    this.#failure.replaceChildren(...(error ? [failureBox(error, this.#context)] : []));
    this.#update();
  }

  #setProgress(now: { done: number; total: number; label?: string | undefined } | undefined): void {
    this.#progress.hidden = now === undefined;
    this.#progressText = "";
    if (!now) return;
    this.#progress.max = now.total || 1;
    this.#progress.value = now.done;
    const text = `${now.done.toLocaleString("en")} of ${now.total.toLocaleString("en")}`;
    const left = now.total - now.done;
    const rest = ((performance.now() - this.#since) / now.done) * left;
    // Of the first moments nothing can be told.
    const isTold = left > 0 && now.done > 0 && performance.now() - this.#since > toldAfter;
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
    const because = this.#run?.why.length ? `because ${this.#run.why.join(", ")} changed` : "";
    const detail = state === "running" ? durationText(elapsed) : because;
    this.#sign.show(shown, detail);
    this.element.dataset["state"] = state;
    this.#status.textContent =
      shown === "running"
        ? [durationText(elapsed), this.#progressText].filter(Boolean).join(" · ")
        : shown === "idle" && this.#took !== undefined
          ? durationText(this.#took)
          : "";
    const isDue = isLasting && (shown === "idle" || state === "running");
    if (isDue) this.#timer = setTimeout(() => this.#update(), shown === "idle" ? patience : 100);
  }
}

interface CellSummary {
  readonly ms: number;
  readonly preview?: string | undefined;
  readonly shown?: readonly ShownBundle[] | undefined;
  readonly unchanged?: true | undefined;
  readonly href?: string | undefined;
  readonly error?: CellError | undefined;
}

interface KernelRun {
  readonly state: "queued" | "running" | "stale" | "stopped";
  readonly why: readonly string[];
}
