import { type Observer, RuntimeError, type Variable } from "@observablehq/runtime";
import type { CellDefinition, CellError } from "../protocol/index.ts";
import { CellRun } from "./cell-run.ts";
import {
  type BrowserCell,
  type CellFunction,
  cellFunction,
  type KernelCell,
  runNames,
  showsValue,
} from "./define.ts";
import { failureOf, StatedFailure } from "./failure.ts";
import { KeptValues } from "./kept-values.ts";
import type { KernelLink } from "./kernel-link.ts";
import { show } from "./output.ts";
import { ReactiveScope } from "./reactive-scope.ts";
import { Invalidated, settled } from "./settled.ts";
import type { ViewElement } from "./view.ts";

/** Where a cell is seen. One per cell; it outlives the cell's definitions. */
export interface CellPlace {
  /** Holds what the cell shows. */
  readonly output: Element;
  /** A new value is awaited; what is shown is the old one. */
  pending(): void;
  fulfilled(): void;
  failed(error: CellError): void;
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

/** A cell's variables, and which definition of the cell they belong to. */
interface DefinedCell {
  /** Replaced by one of the same version: that one is for the next run, and causes none. */
  definition: BrowserCell | KernelCell;
  /** The cell's own variable first, then one per output. */
  readonly variables: Variable[];
  /** False once the cell is deleted: its observers say nothing more. */
  isCurrent: boolean;
}

/** A name no cell can declare. Every kernel cell reads it: a new value asks the kernel for everything. */
const kernelStart = "kernel start";

/**
 * The code cells of an open workbook as variables of the Observable runtime. A cell is one variable
 * holding all its outputs, and one variable per output. It is changed by deleting its variables and
 * defining new ones; whatever depends on it, and only that, runs again.
 */
export class Graph {
  readonly #parts: GraphParts;
  readonly #scope: ReactiveScope;
  readonly #cells = new Map<string, DefinedCell>();
  readonly #kept: KeptValues;
  readonly #functions = new WeakMap<BrowserCell, CellFunction>();
  readonly #start: Variable;
  #starts = 0;

  constructor(parts: GraphParts) {
    this.#parts = parts;
    this.#kept = parts.kept ?? new KeptValues();
    this.#scope = new ReactiveScope(parts.builtins);
    this.#start = this.#scope.define(kernelStart, [], 0);
  }

  /** Brings the graph up to a change of the workbook. A cell whose version stayed is left alone. */
  apply(changed: readonly CellDefinition[], removed: readonly string[]): void {
    const defined: (BrowserCell | KernelCell)[] = [];
    for (const definition of changed) {
      const cell = this.#cells.get(definition.id);
      if (definition.kind === "prose") removed = [...removed, definition.id];
      else if (cell && isSame(cell.definition, definition)) cell.definition = definition;
      else defined.push(definition);
    }
    this.#scope.change(() => {
      for (const id of removed) this.#delete(id);
      for (const { id } of defined.toReversed()) this.#delete(id);
      for (const definition of defined) this.#define(definition);
    });
  }

  /** The cell that defines `name`; undefined for a builtin, a global or a name nobody knows. */
  definerOf(name: string): string | undefined {
    for (const [id, { definition }] of this.#cells) {
      if (definition.outputs.includes(name)) return id;
    }
    return undefined;
  }

  /** How many variables the runtime holds, its own and the builtins included. */
  get size(): number {
    return this.#scope.size;
  }

  /** Asks the kernel for every kernel cell again: it is a new process. */
  askKernelAgain(): void {
    this.#start.define(kernelStart, [], ++this.#starts);
  }

  /** Asks the kernel for a cell again: something that it reads outside of the workbook has changed. */
  askAgain(id: string): void {
    const definition = this.#cells.get(id)?.definition;
    if (definition?.kind !== "kernel" || definition.run !== "live") return;
    this.#scope.change(() => {
      this.#delete(id);
      this.#define(definition);
    });
  }

  /** Ends every cell; nothing is shown any more. */
  dispose(): void {
    for (const cell of this.#cells.values()) cell.isCurrent = false;
    this.#scope.dispose();
  }

  #define(definition: BrowserCell | KernelCell): void {
    const cell: DefinedCell = { definition, variables: [], isCurrent: true };
    this.#cells.set(definition.id, cell);
    if (definition.error) this.#defineFailed(cell, definition.error);
    else if (definition.kind === "browser") this.#defineBrowser(cell, definition);
    else this.#defineKernel(cell, definition);
  }

  /** A cell that cannot run has its outputs all the same, so that dependants say what they wait for. */
  #defineFailed(cell: DefinedCell, error: CellError): void {
    const { id, outputs } = cell.definition;
    const place = this.#parts.place(id);
    place.output.replaceChildren();
    place.failed(error);
    const fail = () => {
      throw new StatedFailure(error);
    };
    for (const name of outputs) {
      cell.variables.push(this.#scope.define(name, [], fail));
    }
  }

  #defineBrowser(cell: DefinedCell, definition: BrowserCell): void {
    const { id, inputs, outputs } = definition;
    const given = inputs.filter((name) => !runNames.includes(name));
    const name = `cell ${id}`;
    const evaluate = (...values: unknown[]) => {
      const invalidation = values.pop() as Promise<void>;
      const current = cell.definition as BrowserCell;
      const run = this.#functionOf(current);
      const own = this.#startRun(cell, current, invalidation);
      const value = Promise.resolve(
        run(...inputs.map((input) => (given.includes(input) ? values.shift() : own.given[input]))),
      );
      return settled(
        value.then((made) => own.end(made)),
        invalidation,
      );
    };
    const observer = this.#observer(cell);
    cell.variables.push(
      this.#scope.define(name, [...given, "invalidation"], evaluate, observer),
      ...outputs.map((output) => {
        const read = (values: Readonly<Record<string, unknown>>, invalidation: Promise<void>) =>
          settled(values[output], invalidation);
        const observer = this.#outputObserver(cell, name);
        return this.#scope.define(output, [name, "invalidation"], read, observer);
      }),
    );
  }

  #functionOf(definition: BrowserCell): CellFunction {
    let run = this.#functions.get(definition);
    if (!run) {
      run = (this.#parts.functionOf ?? cellFunction)(definition);
      this.#functions.set(definition, run);
    }
    return run;
  }

  #startRun(cell: DefinedCell, definition: BrowserCell, invalidation: Promise<void>): CellRun {
    const { id } = definition;
    return new CellRun(definition, this.#parts.place(id).output, {
      isCurrent: () => cell.isCurrent,
      invalidation,
      viewed: (name, element) => {
        this.#kept.adopt(id, name, element);
        this.#parts.viewed?.(id, name, element);
      },
    });
  }

  #defineKernel(cell: DefinedCell, definition: KernelCell): void {
    const { id, browserInputs, wanted } = definition;
    const { kernel } = this.#parts;
    kernel.forget(id);
    const name = `kernel ${id}`;
    const ask = (_start: number, ...values: unknown[]) => {
      const invalidation = values.pop() as Promise<void>;
      const inputs = Object.fromEntries(browserInputs.map((input, i) => [input, values[i]]));
      return settled(kernel.ask(id, inputs, invalidation), invalidation);
    };
    const inputs = [kernelStart, ...browserInputs, "invalidation"];
    cell.variables.push(
      this.#scope.define(name, inputs, ask, this.#observer(cell)),
      ...wanted.map((output) => {
        const read = (values: Readonly<Record<string, unknown>>) => values[output];
        return this.#scope.define(output, [name], read);
      }),
    );
  }

  #observer(cell: DefinedCell): Observer {
    const { definition } = cell;
    const place = this.#parts.place(definition.id);
    return {
      pending: () => {
        if (cell.isCurrent) place.pending();
      },
      fulfilled: (value) => {
        if (!cell.isCurrent) return;
        if (definition.kind === "browser" && showsValue(definition)) {
          place.output.replaceChildren();
          show(place.output, value);
        }
        place.fulfilled();
      },
      rejected: (error) => this.#fail(cell, error),
    };
  }

  /** An output that is a rejected promise is a failure of its cell; one that misses its cell is not. */
  #outputObserver(cell: DefinedCell, main: string): Observer {
    return {
      rejected: (error) => {
        if (!(error instanceof RuntimeError && error.input === main)) this.#fail(cell, error);
      },
    };
  }

  #fail(cell: DefinedCell, error: unknown): void {
    if (!cell.isCurrent || error instanceof Invalidated) return;
    const place = this.#parts.place(cell.definition.id);
    place.output.replaceChildren();
    place.failed(failureOf(error, (name) => this.definerOf(name) !== undefined));
  }

  #delete(id: string): void {
    const cell = this.#cells.get(id);
    if (!cell) return;
    this.#cells.delete(id);
    cell.isCurrent = false;
    this.#scope.delete(cell.variables);
  }
}

/** A new definition of the same cell. Other wanted names are a change here, though not in the kernel. */
function isSame(a: BrowserCell | KernelCell, b: BrowserCell | KernelCell): boolean {
  if (a.kind !== b.kind || a.version !== b.version) return false;
  if (JSON.stringify(a.error) !== JSON.stringify(b.error)) return false;
  if (a.kind !== "kernel" || b.kind !== "kernel") return true;
  return a.wanted.join() === b.wanted.join();
}
