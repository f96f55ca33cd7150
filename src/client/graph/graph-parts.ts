import type { CellError, StaleReason } from "../../protocol/index.ts";
import type { BrowserCell, CellFunction } from "../define.ts";
import type { KeptValues } from "../kept-values.ts";
import type { KernelLink } from "../kernel-link.ts";
import type { ViewElement } from "../view-value.ts";

/** Where a cell is seen. One per cell; it outlives the cell's definitions. */
export interface CellPlace {
  /** Holds what the cell shows. */
  readonly output: Element;
  /** A new value is awaited; what is shown is the old one. */
  pending(): void;
  fulfilled(): void;
  failed(error: CellError): void;
  /** Why the value is not of what the cell reads now; for no reason, it is. Of cells that are not live. */
  stale?(reasons: readonly StaleReason[]): void;
}

/** What a graph is made of. */
export interface GraphParts {
  /** Builtin name → value, promise of it, or function that gives either. */
  readonly builtins: Readonly<Record<string, unknown>>;
  readonly kernel: Pick<KernelLink, "ask" | "forget">;
  place(id: string): CellPlace;
  /** The function of a browser cell; by default `cellFunction`, which evaluates its body. */
  readonly functionOf?: (cell: BrowserCell) => CellFunction;
  /** Values that views have when they are first shown. */
  readonly kept?: KeptValues;
  /** Hears of every view that gives a name its value. */
  readonly viewed?: (cell: string, name: string, element: ViewElement) => void;
}
