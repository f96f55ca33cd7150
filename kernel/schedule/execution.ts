import type { ExecuteCommand, ExecutionNotice } from "../../src/protocol/index.ts";
import type { Outcome, Run } from "./run.ts";

/** The run of code that belongs to no workbook. */
export function executionRun(number: number, { id, code }: ExecuteCommand, began: number): Run {
  return {
    number,
    cell: {
      id,
      version: String(number),
      code,
      expression: false,
      inputs: [],
      outputs: [],
      wanted: [],
      run: "live",
    },
    values: new Map(),
    identity: new Map(),
    sources: new Map(),
    controller: new AbortController(),
    began,
    execution: true,
  };
}

/** What is told of an execution at its end. */
export function executed(run: Run, ms: number, outcome: Outcome | undefined): ExecutionNotice {
  const told = { type: "executed", id: run.cell.id, ms } as const;
  // What a stopped run still throws, its own abort mostly, is the stop's doing.
  if (!outcome || (run.ending && outcome.error)) {
    const stopped = { name: "Stopped", message: "The execution was stopped" };
    return { ...told, error: run.ending?.error ?? stopped };
  }
  if (outcome.error) return { ...told, error: outcome.error };
  return { ...told, ...(outcome.bundle && { bundle: outcome.bundle }) };
}
