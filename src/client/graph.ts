import { type Module, type Observer, Runtime, type Variable } from "@observablehq/runtime";
import type { CellDefinition, CellError } from "../protocol/index.ts";
import {
  type BrowserCell,
  type CellFunction,
  cellFunction,
  type KernelCell,
  runNames,
  showsValue,
} from "./define.ts";
import { failureOf, StatedFailure } from "./failure.ts";
import type { KernelLink } from "./kernel-link.ts";
import { show } from "./output.ts";
import { Invalidated, settled } from "./settled.ts";
import { KeptValues, type ViewElement, type ViewValues, viewValues } from "./view.ts";

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
}

/** A cell's variables, and which definition of the cell they belong to. */
interface DefinedCell {
  readonly definition: BrowserCell | KernelCell;
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
  readonly #runtime: Runtime;
  readonly #module: Module;
  readonly #cells = new Map<string, DefinedCell>();
  readonly #kept = new KeptValues();
  readonly #start: Variable;
  #starts = 0;

  constructor(parts: GraphParts) {
    this.#parts = parts;
    this.#runtime = new Runtime(parts.builtins, globalValue);
    this.#runtime._computeSoon = () =>
      soon().then(() => (this.#runtime._disposed ? undefined : this.#runtime._computeNow()));
    this.#module = this.#runtime.module();
    this.#start = this.#module.variable();
    this.#start.define(kernelStart, [], 0);
  }

  /** Brings the graph up to a change of the workbook. A cell whose version stayed is left alone. */
  apply(changed: readonly CellDefinition[], removed: readonly string[]): void {
    const defined: (BrowserCell | KernelCell)[] = [];
    const parked = new Map<string, Variable>();
    for (const definition of changed) {
      const before = this.#cells.get(definition.id)?.definition;
      if (definition.kind === "prose") this.#delete(definition.id, parked);
      else if (!before || !isSame(before, definition)) defined.push(definition);
    }
    for (const id of removed) this.#delete(id, parked);
    for (const { id } of defined.toReversed()) this.#delete(id, parked);
    for (const definition of defined) this.#define(definition);
    this.#discard(parked);
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
    return this.#runtime._variables.size;
  }

  /** Asks the kernel for every kernel cell again: it is a new process. */
  askKernelAgain(): void {
    this.#start.define(kernelStart, [], ++this.#starts);
  }

  /** Ends every cell; nothing is shown any more. */
  dispose(): void {
    for (const cell of this.#cells.values()) cell.isCurrent = false;
    this.#runtime.dispose();
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
      const variable = this.#module.variable().define(name, [], fail);
      cell.variables.push(variable);
    }
  }

  #defineBrowser(cell: DefinedCell, definition: BrowserCell): void {
    const { id, inputs, outputs } = definition;
    const run = this.#functionOf(definition);
    const given = inputs.filter((name) => !runNames.includes(name));
    const name = `cell ${id}`;
    const observer = this.#observer(cell);
    const evaluate = (...values: unknown[]) => {
      const invalidation = values.pop() as Promise<void>;
      const own = this.#startRun(cell, definition, invalidation);
      const value = Promise.resolve(
        run(...inputs.map((input) => (given.includes(input) ? values.shift() : own.names[input]))),
      );
      return settled(value.then(own.end), invalidation);
    };
    const main = this.#module.variable(observer).define(name, [...given, "invalidation"], evaluate);
    cell.variables.push(main);
    for (const output of outputs) {
      const read = (values: Readonly<Record<string, unknown>>, invalidation: Promise<void>) =>
        settled(values[output], invalidation);
      const variable = this.#module.variable(this.#outputObserver(cell, name));
      cell.variables.push(variable.define(output, [name, "invalidation"], read));
    }
  }

  #functionOf(definition: BrowserCell): CellFunction {
    try {
      return (this.#parts.functionOf ?? cellFunction)(definition);
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }

  /** What one run of a cell is given, and what is done with what it gives. */
  #startRun(cell: DefinedCell, definition: BrowserCell, invalidation: Promise<void>) {
    const { id, outputs } = definition;
    const { output } = this.#parts.place(id);
    let isOver = false;
    let hasShown = false;
    invalidation.then(
      () => (isOver = true),
      () => {},
    );
    const display = <T>(value: T): T => {
      if (isOver || !cell.isCurrent) throw new Invalidated();
      if (!hasShown) output.replaceChildren();
      hasShown = true;
      show(output, value);
      return value;
    };
    const view = (element: ViewElement): ViewValues => viewValues(display(element));
    const end = (value: unknown): unknown => {
      if (isOver || !cell.isCurrent) throw new Invalidated();
      if (!hasShown && !showsValue(definition)) output.replaceChildren();
      const named = value as Readonly<Record<string, unknown>>;
      for (const name of outputs) {
        const made = named[name];
        if (isViewValues(made)) this.#kept.adopt(id, name, made.element);
      }
      return value;
    };
    const names: Readonly<Record<string, unknown>> = { display, view, invalidation };
    return { names, end };
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
    cell.variables.push(this.#module.variable(this.#observer(cell)).define(name, inputs, ask));
    for (const output of wanted) {
      const read = (values: Readonly<Record<string, unknown>>) => values[output];
      cell.variables.push(this.#module.variable().define(output, [name], read));
    }
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
        const { input } = error as { readonly input?: unknown };
        if (input !== main) this.#fail(cell, error);
      },
    };
  }

  #fail(cell: DefinedCell, error: unknown): void {
    if (!cell.isCurrent || error instanceof Invalidated) return;
    const place = this.#parts.place(cell.definition.id);
    place.output.replaceChildren();
    place.failed(failureOf(error, (name) => this.definerOf(name) !== undefined));
  }

  /**
   * Deletes a cell's variables, outputs first: deleting a variable that another still reads makes the
   * runtime park an implicit one under its name. Those are collected in `parked`.
   */
  #delete(id: string, parked: Map<string, Variable>): void {
    const cell = this.#cells.get(id);
    if (!cell) return;
    this.#cells.delete(id);
    cell.isCurrent = false;
    for (const variable of cell.variables.toReversed()) {
      releaseDependants(variable);
      const name = variable._name!;
      variable.delete();
      const left = this.#module._scope.get(name);
      if (left?._type === implicit) parked.set(name, left);
    }
  }

  /** Forgets the parked variables whose name has been defined again: nothing refers to them. */
  #discard(parked: ReadonlyMap<string, Variable>): void {
    for (const [name, variable] of parked) {
      if (this.#module._scope.get(name) !== variable) this.#runtime._variables.delete(variable);
    }
  }
}

const implicit = 2;

/**
 * Frees everything below `variable` from waiting for it: the runtime lets a variable start only when its
 * last promise has settled, and that one may be waiting for a value that will never come. The version
 * silences what is still under way.
 */
function releaseDependants(variable: Variable): void {
  const below = new Set(variable._outputs);
  for (const dependant of below) {
    dependant._version++;
    dependant._promise = Promise.resolve();
    for (const next of dependant._outputs) below.add(next);
  }
}

/** A new definition of the same cell. Other wanted names are a change here, though not in the kernel. */
function isSame(a: BrowserCell | KernelCell, b: BrowserCell | KernelCell): boolean {
  if (a.kind !== b.kind || a.version !== b.version || !a.error !== !b.error) return false;
  if (a.kind !== "kernel" || b.kind !== "kernel") return true;
  return a.wanted.join() === b.wanted.join();
}

function isViewValues(value: unknown): value is ViewValues {
  return typeof value === "object" && value !== null && "element" in value && "next" in value;
}

/** The next frame; a hidden tab has none, so 200 ms at most. */
function soon(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 200);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A global of the page. Elements are not: `<div id="matrix">` must not answer for a name. */
function globalValue(name: string): unknown {
  if (!(name in globalThis)) throw new ReferenceError(`${name} is not defined`);
  const value: unknown = (globalThis as unknown as Readonly<Record<string, unknown>>)[name];
  if (value instanceof Element || value instanceof HTMLCollection) {
    throw new ReferenceError(`${name} is not defined`);
  }
  return value;
}
