import { element } from "../element.ts";
import { durationText, Sign } from "../sign.ts";
import { because, type CellFacts, nothingYet, restText, stateOf } from "./cell-facts.ts";

/** How long a run may take before the cell says so: a sign that flashes tells nothing. */
const patience = 250;

/** How often the age of a value that is kept is told anew. */
const ageInterval = 20_000;

/** What a cell is at, as its sign and its bar tell it; as long as something goes on, again after a while. */
export class CellStatus {
  readonly element: HTMLElement = element("span", { class: "status" });
  /** Why the cell is out of date. */
  readonly why: HTMLElement = element("span", { class: "why" });
  readonly #sign = new Sign();
  #facts: CellFacts = nothingYet;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** At the cell's left edge. */
  get sign(): HTMLElement {
    return this.#sign.element;
  }

  show(facts: CellFacts): void {
    this.#facts = facts;
    this.#show();
  }

  /** The cell is gone from the page: nothing is told of it any more. */
  dispose(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #show(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    const facts = this.#facts;
    const state = stateOf(facts);
    const now = performance.now();
    const elapsed = now - facts.since;
    const isLasting = state === "running" || state === "queued" || state === "waiting";
    const shown = isLasting && elapsed < patience ? "idle" : state;
    const reason = because(facts, now);
    this.#sign.show(shown, state === "running" ? durationText(elapsed) : reason);
    this.why.textContent = state === "stale" ? reason : "";
    this.element.textContent =
      shown === "running"
        ? [durationText(elapsed), facts.progress].filter(Boolean).join(" · ")
        : isLasting
          ? ""
          : restText(facts, now);
    this.element.title = isLasting ? "" : "What the last run took, and about what its names hold";
    const isDue = isLasting && (shown === "idle" || state === "running");
    const wait = shown === "idle" ? patience : 100;
    if (isDue) this.#timer = setTimeout(() => this.#show(), wait);
    else if (state === "cached") this.#timer = setTimeout(() => this.#show(), ageInterval);
  }
}
