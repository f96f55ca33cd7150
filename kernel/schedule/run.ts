import type { CellError, KernelCell, MimeBundle, ShownBundle } from "../../src/protocol/index.ts";

/** One evaluation of one cell, from the moment it is decided until its end. */
export interface Run {
  /** Counts up; part of the name under which the cell's code is known to the engine. */
  readonly number: number;
  readonly cell: KernelCell;
  /** Values of the cell's inputs by name, builtins aside. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The page's values that tell this run's result from others. */
  readonly identity: ReadonlyMap<string, unknown>;
  /** Results it is made from, through any number of cells: cell → result id. */
  readonly sources: ReadonlyMap<string, string>;
  /** A person has asked for it: what it makes takes the place of all results before. */
  readonly asked?: true;
  /** Aborts when the run is no longer wanted. */
  readonly controller: AbortController;
  readonly began: number;
  /** Set when it is no cell of a workbook but an execution: what it declares stays. */
  readonly execution?: true;
  /** Set once its code has begun: it must not begin a second time. */
  entered?: true;
  /** Set when the run is to end before it is done. */
  ending?: Ending;
  /** The cell, or one it reads, has changed meanwhile: what comes out is of no use. */
  obsolete?: true;
}

/** How a run is brought down before it is done. */
export interface Ending {
  /** Because what it makes is of no use, at the person's wish, or for want of memory. */
  readonly as: "stale" | "stopped" | "failed";
  readonly since: number;
  /** What its cell is answered with, when it is not simply that it was stopped. */
  readonly error?: CellError;
}

/** How an evaluation came out. */
export interface Outcome {
  readonly outputs: ReadonlyMap<string, unknown>;
  readonly preview?: string;
  /** What the last expression came to. */
  readonly bundle?: MimeBundle;
  /** What a cell has shown, and what it shows of itself later. */
  readonly shown?: readonly ShownBundle[];
  readonly error?: CellError;
}
