import type { StaleReason } from "../protocol/index.ts";
import { element, svgElement } from "./element.ts";

/** What a cell is at, as a person is told. */
export type CellState =
  | "idle"
  | "running"
  | "queued"
  | "waiting"
  | "edited"
  | "demand"
  | "stale"
  | "cached"
  | "stopped"
  | "failed"
  | "blocked";

/** Each state has its shape, its word and its colour: no one of them is needed to tell it. */
const words: Readonly<Record<CellState, string>> = {
  idle: "",
  running: "running",
  queued: "queued",
  waiting: "waiting",
  edited: "edited",
  demand: "on demand",
  stale: "stale",
  cached: "kept",
  stopped: "stopped",
  failed: "error",
  blocked: "blocked",
};

/** The word of a state; none when a cell is at nothing. */
export function stateWord(state: CellState): string {
  return words[state];
}

/** Paths in a box of 16 × 16. */
const shapes: Readonly<Record<CellState, string>> = {
  idle: "",
  running: "M8 2a6 6 0 1 1-5.2 3",
  queued: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 4.8V8l2.3 1.6",
  waiting: "M3 8h.01M8 8h.01M13 8h.01",
  edited: "M8 6a2 2 0 1 0 0 4a2 2 0 1 0 0-4",
  demand: "M5 3l7 5-7 5z",
  cached: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
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

/** How long ago something was, as a person says it: just now, 40 s ago, 3 min ago, 5 h ago, 2 days ago. */
export function agoText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 5) return "just now";
  if (seconds < 90) return `${Math.round(seconds)} s ago`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129_600) return `${Math.round(seconds / 3_600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}

/** Why a value is out of date, as a person is told: "n 3 → 5, rate changed". */
export function reasonsText(reasons: readonly StaleReason[]): string {
  const most = 3;
  const texts = reasons.map(({ name, was, now }) => {
    if (name === undefined) return "its code changed";
    return was === undefined || now === undefined ? `${name} changed` : `${name} ${was} → ${now}`;
  });
  const rest = texts.length > most ? [`${texts.length - most} more`] : [];
  return [...texts.slice(0, most), ...rest].join(", ");
}

/** Bytes as a person says them: 800 B, 12 kB, 3.4 MB, 1.2 GB. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const count = bytes / 1000 ** power;
  return `${count < 10 && power > 0 ? count.toFixed(1) : Math.round(count)} ${units[power]}`;
}

/** A duration as a person says it: 3 ms, 1.2 s, 2 min 5 s. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1) return "< 1 ms";
  if (milliseconds < 950) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
