import type { SaveState } from "../../protocol/index.ts";
import type { Connection } from "../session.ts";

/** What is known of how far the document is kept. */
export interface Known {
  readonly connection: Connection;
  /** Whether all that was done in this tab is with the server, in its journal. */
  readonly isAccepted: boolean;
  readonly saved: SaveState | undefined;
}

/** How far the document is kept, as a person is told in a word. */
export interface Standing {
  readonly state: "unknown" | "saved" | "saving" | "unsent" | "failed";
  readonly word: string;
  /** The sentence behind the word. */
  readonly detail: string;
}

/** How far the document is kept: what is worst comes first. */
export function standingOf({ connection, isAccepted, saved }: Known): Standing {
  if (!isAccepted && connection !== "open" && saved) {
    const detail =
      "Simile does not answer: what you wrote is kept in this tab, and is sent when it does";
    return { state: "unsent", word: "not sent", detail };
  }
  if (!saved) return { state: "unknown", word: "", detail: "" };
  if (saved.state === "failed") {
    const again = saved.retry === undefined ? "" : `. Tried again at ${clock(saved.retry)}`;
    return { state: "failed", word: "not saved", detail: saved.reason + again };
  }
  if (!isAccepted || saved.state === "saving") {
    return { state: "saving", word: "saving", detail: "What you wrote is about to be in the file" };
  }
  return { state: "saved", word: "saved", detail: `In the file since ${clock(saved.time)}` };
}

/** A moment as a person reads it on a clock. */
export function clock(time: number): string {
  return new Date(time).toLocaleTimeString();
}
