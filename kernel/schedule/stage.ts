import type { ExecutionNotice, KernelNotice } from "../../src/protocol/index.ts";
import type { Run } from "./run.ts";

/** What the scheduler needs of the process around it. */
export interface Stage {
  /** Tells the server. @throws {TransferError} when a value in it cannot travel */
  tell(notice: KernelNotice | ExecutionNotice): void;
  /** Starts the run in a macrotask of its own, once all that was told has left; `settled` ends it. */
  begin(run: Run): void;
  /** Says whether a run should end, so that it can be interrupted while it keeps the thread busy. */
  watch(on: boolean): void;
  /** Calls `action` after a time; the returned function takes it back. */
  later(milliseconds: number, action: () => void): () => void;
  /** Aborts, but not inside an interrupt: listeners expect that what runs is let finish. */
  abort(controller: AbortController, reason: Error): void;
  now(): number;
}

type RunState = (KernelNotice & { type: "run" })["state"];

/** What else is told of a run. */
export interface RunDetails {
  readonly why?: readonly string[] | undefined;
  readonly edited?: true;
  readonly ms?: number;
}

/** Tells how a cell's run stands. */
export function tellRun(
  stage: Stage,
  cell: string,
  state: RunState,
  { why, ...more }: RunDetails = {},
): void {
  stage.tell({ type: "run", cell, state, ...(why && { why }), ...more });
}
