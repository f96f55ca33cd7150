import type { CellDefinition, CellError, HeldValue, StaleReason } from "../../protocol/index.ts";
import { agoText, bytesText, type CellState, durationText, reasonsText } from "../sign.ts";

/** Bytes from which it is told what a cell holds. */
const worthTelling = 100_000;

/** What a panel knows of its cell; times are in ms, on the page's clock. */
export interface CellFacts {
  readonly mode: CellDefinition["run"];
  /** A value is awaited. */
  readonly isPending: boolean;
  /** What the kernel does with it. */
  readonly run?: KernelRun | undefined;
  /** When what goes on began. */
  readonly since: number;
  /** How far a run is, as it is told. */
  readonly progress: string;
  readonly error?: CellError | undefined;
  /** The source is another than that which runs. */
  readonly isEdited: boolean;
  /** Why the value is not of what the cell reads now. */
  readonly stale: readonly StaleReason[];
  /** Names that it reads which are out of date. */
  readonly leansOn: readonly string[];
  /** When the value was made that is kept. */
  readonly made?: number | undefined;
  /** What the last run took. */
  readonly took?: number | undefined;
  /** What the kernel has said of the cell's names. */
  readonly held: readonly HeldValue[];
}

export interface KernelRun {
  readonly state: "queued" | "running" | "stale" | "stopped";
  readonly why: readonly string[];
}

/** What is known of a cell before anything has happened to it. */
export const nothingYet: CellFacts = {
  mode: "live",
  isPending: false,
  since: 0,
  progress: "",
  isEdited: false,
  stale: [],
  leansOn: [],
  held: [],
};

/** What a cell is at: of all that is true of it, what matters most. */
export function stateOf(facts: CellFacts): CellState {
  const { run, isPending, isEdited, error, stale, leansOn, made } = facts;
  if (run?.state === "running") return "running";
  if (run?.state === "queued" && isPending) return "queued";
  if (isPending) return "waiting";
  if (isEdited) return "edited";
  if (error?.name === "OnDemand") return "demand";
  if (error?.blockedBy !== undefined) return "blocked";
  if (error) return error.name === "Stopped" ? "stopped" : "failed";
  if (run?.state === "stopped") return "stopped";
  if (stale.length > 0 || leansOn.length > 0) return "stale";
  return made === undefined ? "idle" : "cached";
}

/** Whether a cell is to run when everything is run that is edited or out of date. An edited live cell does if need be. */
export function isDue({ isEdited, mode, stale, error }: CellFacts): boolean {
  const isKept = isEdited && mode !== "live";
  return isKept || stale.length > 0 || error?.name === "OnDemand";
}

/** Why a cell is at what it is at; nothing when that is plain. */
export function because(facts: CellFacts, now: number): string {
  const { made, stale, leansOn, run } = facts;
  switch (stateOf(facts)) {
    case "cached":
      return agoText(now - made!);
    case "demand":
      return "press ▶ to run it";
    case "edited":
      return "and not run";
    case "stale":
      return stale.length > 0
        ? reasonsText(stale)
        : `${leansOn.join(", ")} ${leansOn.length === 1 ? "is" : "are"} out of date`;
    default:
      return run?.why.length ? `because ${run.why.join(", ")} changed` : "";
  }
}

/** What the last run took, what is held of it, and how old it is. */
export function restText(facts: CellFacts, now: number): string {
  const { took, held, made } = facts;
  const bytes = held.reduce((sum, value) => sum + value.bytes, 0);
  return [
    took !== undefined && durationText(took),
    bytes >= worthTelling && bytesText(bytes),
    stateOf(facts) === "cached" && agoText(now - made!),
  ]
    .filter((text) => text !== false)
    .join(" · ");
}
