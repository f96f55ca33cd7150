import type { KernelNotice } from "../../protocol/index.ts";
import { element } from "../element.ts";
import { durationText } from "../sign.ts";

/** How long a run has gone on before it is told how long it will. */
const toldAfter = 1_000;

/** How far a run is that counts: a bar, and what is told of it. */
export class RunProgress {
  readonly element: HTMLProgressElement = element("progress", { max: 1, hidden: true });
  readonly #cell: string;
  /** When the run began to count, and from what. */
  #counting: { readonly since: number; readonly from: number } | undefined;

  constructor(cell: string) {
    this.#cell = cell;
  }

  /** Nothing is counted any more. */
  end(): void {
    this.element.hidden = true;
    this.#counting = undefined;
  }

  /** @returns what is told: "12 of 90 pairs · 3.0 s left" */
  show({ done, total, label }: Pick<ProgressNotice, "done" | "total" | "label">): string {
    this.element.hidden = false;
    // What came before the first count, loading say, tells nothing of how fast it goes.
    this.#counting ??= { since: performance.now(), from: done };
    this.element.max = total || 1;
    this.element.value = done;
    const text = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    const left = total - done;
    const { since, from } = this.#counting;
    const elapsed = performance.now() - since;
    const rest = (elapsed / (done - from)) * left;
    // Of the first moments nothing can be told.
    const isTold = left > 0 && done > from && elapsed > toldAfter;
    const time = isTold ? `· ${durationText(rest)} left` : "";
    const told = [text, label, time].filter(Boolean).join(" ");
    this.element.setAttribute("aria-label", `${this.#cell}: ${told}`);
    return told;
  }
}

type ProgressNotice = Extract<KernelNotice, { type: "progress" }>;
