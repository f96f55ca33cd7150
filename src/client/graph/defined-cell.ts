import type { Variable } from "@observablehq/runtime";
import { type BrowserCell, type KernelCell, runNames } from "../define.ts";
import type { AskedRun } from "./asked-run.ts";

/** A code cell, whichever side it runs on. */
export type CodeCell = BrowserCell | KernelCell;

/** A cell's variables, and which definition of the cell they belong to. */
export interface DefinedCell {
  /** Replaced by one of the same version: that one is for the next run, and causes none. */
  definition: CodeCell;
  /** The cell's own variable first, then one per output. */
  readonly variables: Variable[];
  /** What the last run of a browser cell has read and come to. */
  last?: LastRun;
  /** Of a cell that is not live: what waits for its inputs, and when it is to run. */
  gate?: Gate;
  /** A person wants a kernel cell to be run when it is asked for next. */
  isRun?: boolean;
  /** False once the cell is deleted: its observers say nothing more. */
  isCurrent: boolean;
}

export interface LastRun {
  readonly read: ReadonlyMap<string, unknown>;
  readonly value: unknown;
}

/** What keeps the changes of its inputs from a cell that is not live. */
export interface Gate {
  /** Reads what the cell reads. */
  variable: Variable;
  /** Of a browser cell. */
  readonly asked?: AskedRun;
  /** Gives the cell's own variable another value. */
  readonly set: (definition: unknown, inputs?: readonly string[]) => void;
  /** The values that a kernel cell has given. */
  kept?: unknown;
}

/** The inputs of a cell that are variables. */
export function givenOf(inputs: readonly string[]): readonly string[] {
  return inputs.filter((name) => !runNames.includes(name));
}

/** Whether a cell that is edited has a value that serves those who read it, and is to keep it. */
export function keepsValue(cell: DefinedCell, after: CodeCell): boolean {
  const { definition: before, gate } = cell;
  if (!gate || after.error || before.kind !== after.kind || after.run !== "demand") return false;
  if (before.run !== "demand" || before.outputs.join() !== after.outputs.join()) return false;
  if (before.kind === "kernel" && after.kind === "kernel") {
    return before.wanted.join() === after.wanted.join();
  }
  return gate.asked?.ran !== undefined;
}

/** A new definition of the same cell. Other wanted names are a change here, though not in the kernel. */
export function isSame(a: CodeCell, b: CodeCell): boolean {
  if (a.kind !== b.kind || a.version !== b.version || a.run !== b.run) return false;
  if (JSON.stringify(a.error) !== JSON.stringify(b.error)) return false;
  if (a.kind !== "kernel" || b.kind !== "kernel") return true;
  return a.wanted.join() === b.wanted.join();
}
