import type { KernelCell } from "./cells.ts";
import type { CommCommand } from "./comm.ts";

/** What is asked of the kernel, over the pipe. */
export type KernelCommand =
  /** The kernel cells as they are now, in page order; sent before the requests that need them. */
  | { readonly type: "cells"; readonly cells: readonly KernelCell[]; readonly directory: string }
  | KernelRequest
  | ExecuteCommand
  /** What the person answered; null when nobody can be asked. */
  | { readonly type: "answer"; readonly text: string | null }
  | CommCommand
  | KeysCommand
  | { readonly type: "stop" };

/** The values of these cells for these inputs; see `PageCommand`. */
export interface KernelRequest {
  readonly type: "request";
  readonly client: string;
  readonly seq: number;
  /** Browser-defined names → values, everything the requested cells depend on. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /**
   * Cells wanted, with the result already held (then answered `unchanged`, without bytes). `run` names a
   * person's wish that the cell be run although nothing it reads has changed, and whenever it runs by
   * itself; requests that name the same wish again have it fulfilled once.
   */
  readonly cells: readonly {
    readonly id: string;
    readonly have?: string;
    readonly run?: string;
  }[];
}

/** Code to be executed after what was asked before: what it declares at its top stays for all that follows. */
export interface ExecuteCommand {
  readonly type: "execute";
  /** Names the execution in notices and in positions of errors. */
  readonly id: string;
  /** Types blanked, positions kept. */
  readonly code: string;
}

/** Asks for the names of a live value's properties, to complete code; no code runs for it. */
export interface KeysCommand {
  readonly type: "keys";
  /** Comes back with the answer. */
  readonly number: number;
  /** Names and keys that lead from the names of executions to the value. */
  readonly path: readonly string[];
}
