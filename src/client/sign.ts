import { element, svgElement } from "./element.ts";

/** What a cell is at, as a person is told. */
export type CellState =
  | "idle"
  | "running"
  | "queued"
  | "waiting"
  | "stale"
  | "stopped"
  | "failed"
  | "blocked";

/** Each state has its shape, its word and its colour: no one of them is needed to tell it. */
const words: Readonly<Record<CellState, string>> = {
  idle: "",
  running: "running",
  queued: "queued",
  waiting: "waiting",
  stale: "out of date",
  stopped: "stopped",
  failed: "error",
  blocked: "blocked",
};

/** Paths in a box of 16 × 16. */
const shapes: Readonly<Record<CellState, string>> = {
  idle: "",
  running: "M8 2a6 6 0 1 1-5.2 3",
  queued: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 4.8V8l2.3 1.6",
  waiting: "M3 8h.01M8 8h.01M13 8h.01",
  stale: "M3 12 12 3M3 7l4-4M9 13l4-4",
  stopped: "M4 4h8v8H4z",
  failed: "M4 4l8 8M12 4l-8 8",
  blocked: "M3.5 8h9",
};

/** The sign at a cell's left edge. */
export class Sign {
  readonly element: HTMLElement = element("span", { class: "sign", hidden: true });
  #state: CellState = "idle";

  /** @param detail goes with the word: elapsed time, or why it is out of date */
  show(state: CellState, detail = ""): void {
    this.element.title = [words[state], detail].filter(Boolean).join(": ");
    if (state !== this.#state) {
      this.#state = state;
      this.element.hidden = state === "idle";
      this.element.dataset["state"] = state;
      const shape = svgElement("path", { d: shapes[state] });
      const icon = svgElement("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, shape);
      this.element.replaceChildren(icon, element("span", { class: "sign-word" }, words[state]));
    }
  }
}

/** A duration as a person says it: 3 ms, 1.2 s, 2 min 5 s. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1) return "< 1 ms";
  if (milliseconds < 950) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
