import { type Observer, RuntimeError, type Variable } from "@observablehq/runtime";
import type { CellDefinition, CellError } from "../protocol/index.ts";
import { AskedRun, type AskedRunParts } from "./asked-run.ts";
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
import type { GraphParts } from "./graph-parts.ts";
import { KeptValues } from "./kept-values.ts";
import { show } from "./output.ts";
import { ReactiveScope } from "./reactive-scope.ts";
import { Invalidated, settled } from "./settled.ts";

/** A cell's variables, and which definition of the cell they belong to. */
interface DefinedCell {
  /** Replaced by one of the same version: that one is for the next run, and causes none. */
  definition: BrowserCell | KernelCell;
  /** The cell's own variable first, then one per output. */
  readonly variables: Variable[];
  /** What the last run of a live browser cell has read and come to. */
  last?: LastRun;
  /** Of a cell that is not live: what waits for its inputs, and when it is to run. */
  gate?: Gate;
  /** A person wants a kernel cell to be run when it is asked for next. */
  isRun?: boolean;
  /** False once the cell is deleted: its observers say nothing more. */
  isCurrent: boolean;
}

interface LastRun {
  readonly read: ReadonlyMap<string, unknown>;
  readonly value: unknown;
}

/** What keeps the changes of its inputs from a cell that is not live. */
interface Gate {
  /** Read what the cell reads. */
  variable: Variable;
  /** Of a browser cell. */
  readonly asked?: AskedRun;
  /** Gives the cell's own variable another value. */
  readonly set: (definition: unknown, inputs?: readonly string[]) => void;
  /** The values that a kernel cell has given. */
  kept?: unknown;
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

  /**
   * Brings the graph up to a change of the workbook. A cell whose version stayed is left alone; one that
   * runs on demand keeps its value and is out of date.
   *
   * @param asked cells that a person wants to run as they are now
   */
  apply(
    changed: readonly CellDefinition[],
    removed: readonly string[],
    asked: ReadonlySet<string> = new Set(),
  ): void {
    const defined: (BrowserCell | KernelCell)[] = [];
    const run: string[] = [];
    for (const definition of changed) {
      const { id } = definition;
      const cell = this.#cells.get(id);
      if (definition.kind === "prose") {
        removed = [...removed, id];
      } else if (cell && isSame(cell.definition, definition)) {
        cell.definition = definition;
        if (asked.has(id)) run.push(id);
      } else if (cell && keepsValue(cell, definition)) {
        this.#edit(cell, definition);
        if (asked.has(id)) run.push(id);
      } else defined.push(definition);
    }
    this.#scope.change(() => {
      for (const id of removed) this.#delete(id);
      const before = new Map(defined.map(({ id }) => [id, this.#cells.get(id)]));
      for (const { id } of defined.toReversed()) this.#delete(id);
      for (const definition of defined) {
        this.#define(definition, asked.has(definition.id), before.get(definition.id));
      }
      const isOther = ({ id, version, error }: CellDefinition & { error?: CellError }) => {
        const old = before.get(id)?.definition;
        return old?.version !== version || JSON.stringify(old.error) !== JSON.stringify(error);
      };
      const below = this.#kernelBelow(defined.filter(isOther).map(({ id }) => id));
      for (const id of below) if (!before.has(id)) this.#askKernel(id);
    });
    this.run(run);
  }

  /** Runs cells with what they read now, whether anything of that has changed or not. */
  run(ids: readonly string[]): void {
    const kernel: string[] = [];
    this.#scope.change(() => {
      for (const id of ids) {
        const cell = this.#cells.get(id);
        if (!cell || cell.definition.error) continue;
        if (cell.definition.kind === "kernel") kernel.push(id);
        else if (cell.gate?.asked) cell.gate.asked.ask();
        else {
          this.#delete(id);
          this.#define(cell.definition, true);
        }
      }
      for (const id of this.#kernelBelow(kernel)) this.#askKernel(id, kernel.includes(id));
    });
  }

  /** The cell that defines `name`; undefined for a builtin, a global or a name nobody knows. */
  definerOf(name: string): string | undefined {
    for (const [id, { definition }] of this.#cells) {
      if (definition.outputs.includes(name)) return id;
    }
    return undefined;
  }

  /** The value that a name of the page has now; undefined while it has none. */
  valueOf(name: string): unknown {
    return this.#scope.valueOf(name);
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
    this.#scope.change(() => this.#askKernel(id));
  }

  /** Ends every cell; nothing is shown any more. */
  dispose(): void {
    for (const cell of this.#cells.values()) cell.isCurrent = false;
    this.#scope.dispose();
  }

  /**
   * @param isRun a person wants it to run, in whatever mode
   * @param before the definition in the place of which this one is
   */
  #define(definition: BrowserCell | KernelCell, isRun = false, before?: DefinedCell): void {
    const cell: DefinedCell = { definition, variables: [], isCurrent: true };
    this.#cells.set(definition.id, cell);
    this.#parts.place(definition.id).stale?.([]);
    if (definition.error) this.#defineFailed(cell, definition.error);
    else if (definition.kind === "browser" && definition.run === "live") {
      this.#defineBrowser(cell, definition);
    } else if (definition.kind === "browser") {
      const last = before?.definition.version === definition.version ? before.last : undefined;
      this.#defineAsked(cell, definition, isRun, last);
    } else {
      cell.isRun = isRun && definition.run !== "live";
      this.#defineKernel(cell, definition);
    }
  }

  /** The kernel cells among these, and those below them: what is below one that is not live stays as it is. */
  #kernelBelow(ids: readonly string[]): ReadonlySet<string> {
    const found = new Set(ids.filter((id) => this.#kernelCell(id)));
    const pending = new Set(found);
    for (const id of pending) {
      const { outputs } = this.#kernelCell(id)!;
      for (const [other, { definition }] of this.#cells) {
        if (definition.kind !== "kernel" || definition.error || found.has(other)) continue;
        if (!definition.inputs.some((name) => outputs.includes(name))) continue;
        found.add(other);
        if (definition.run === "live") pending.add(other);
      }
    }
    return found;
  }

  #kernelCell(id: string): KernelCell | undefined {
    const definition = this.#cells.get(id)?.definition;
    return definition?.kind === "kernel" ? definition : undefined;
  }

  #askKernel(id: string, isRun = false): void {
    const cell = this.#cells.get(id);
    const { definition, gate } = cell ?? {};
    if (!cell || definition?.kind !== "kernel" || definition.error) return;
    if (!gate) {
      this.#delete(id);
      const next: DefinedCell = { definition, variables: [], isCurrent: true, isRun };
      this.#cells.set(id, next);
      this.#defineKernel(next, definition);
      return;
    }
    cell.isRun = isRun;
    this.#scope.delete([gate.variable]);
    gate.variable = this.#defineKernelGate(cell, definition);
  }

  /** Another code for a cell that runs on demand, whose value is kept until a person wants it to run. */
  #edit(cell: DefinedCell, definition: BrowserCell | KernelCell): void {
    const gate = cell.gate!;
    cell.definition = definition;
    this.#scope.change(() => {
      this.#scope.delete([gate.variable]);
      if (definition.kind === "browser") {
        gate.asked!.edit(this.#askedParts(cell, definition));
        gate.variable = this.#defineGate(cell, definition);
      } else gate.variable = this.#defineKernelGate(cell, definition);
    });
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
    const given = givenOf(inputs);
    const name = `cell ${id}`;
    const evaluate = (...values: unknown[]) => {
      const invalidation = values.pop() as Promise<void>;
      return this.#evaluate(cell, values, invalidation);
    };
    const observer = this.#observer(cell);
    cell.variables.push(
      this.#scope.define(name, [...given, "invalidation"], evaluate, observer),
      ...this.#outputVariables(cell, name, outputs),
    );
  }

  #evaluate(cell: DefinedCell, values: readonly unknown[], invalidation: Promise<void>): unknown {
    const current = cell.definition as BrowserCell;
    const run = this.#functionOf(current);
    const own = this.#startRun(cell, current, invalidation);
    const read = new Map(givenOf(current.inputs).map((name, i) => [name, values[i]]));
    const given = (name: string) => (read.has(name) ? read.get(name) : own.given[name]);
    const made = Promise.resolve(run(...current.inputs.map(given)));
    return settled(
      made.then((value) => {
        cell.last = { read, value: own.end(value) };
        return value;
      }),
      invalidation,
    );
  }

  #outputVariables(cell: DefinedCell, name: string, outputs: readonly string[]): Variable[] {
    return outputs.map((output) => {
      const read = (values: Readonly<Record<string, unknown>>, invalidation: Promise<void>) =>
        settled(values[output], invalidation);
      const observer = this.#outputObserver(cell, name);
      return this.#scope.define(output, [name, "invalidation"], read, observer);
    });
  }

  /** A cell that runs on demand, or once: what it reads is read beside it, so that a change goes no further. */
  #defineAsked(
    cell: DefinedCell,
    definition: BrowserCell,
    isRun: boolean,
    last: LastRun | undefined,
  ): void {
    const { id, outputs } = definition;
    const name = `cell ${id}`;
    if (last) cell.last = last;
    const { variable, set } = this.#settable(name, this.#observer(cell));
    const asked = new AskedRun(this.#askedParts(cell, definition), isRun, last?.read);
    if (last) set(() => last.value);
    cell.variables.push(variable, ...this.#outputVariables(cell, name, outputs));
    const gate = { asked, set } as { -readonly [K in keyof Gate]: Gate[K] };
    cell.gate = gate;
    gate.variable = this.#defineGate(cell, definition);
  }

  #askedParts(cell: DefinedCell, { id, inputs, run }: BrowserCell): AskedRunParts {
    return {
      names: givenOf(inputs),
      isOnce: run === "once",
      start: (values) =>
        cell.gate!.set(
          (invalidation: Promise<void>) => this.#evaluate(cell, values, invalidation),
          ["invalidation"],
        ),
      unasked: () => cell.gate!.set(unasked),
      stale: (reasons) => {
        if (cell.isCurrent) this.#parts.place(id).stale?.(reasons);
      },
    };
  }

  #defineGate(cell: DefinedCell, { id, inputs }: BrowserCell): Variable {
    const asked = () => cell.gate!.asked!;
    const read = (...values: unknown[]) => values;
    const isOwn = () => cell.isCurrent && cell.gate?.variable === variable;
    const variable: Variable = this.#scope.define(`gate ${id}`, givenOf(inputs), read, {
      pending: () => isOwn() && asked().await(),
      fulfilled: (values) => isOwn() && asked().take(values as readonly unknown[]),
      rejected: (error) => {
        if (!isOwn() || error instanceof Invalidated) return;
        const name = error instanceof RuntimeError ? error.input : undefined;
        if (asked().miss(name)) cell.gate!.set(() => Promise.reject(error));
      },
    });
    return variable;
  }

  /** A variable whose value is set from outside: what reads it is computed only then. */
  #settable(
    name: string,
    observer?: Observer,
  ): { readonly variable: Variable; readonly set: Gate["set"] } {
    let release = () => {};
    const first = new Promise((_, reject) => {
      release = () => reject(new Invalidated());
    });
    first.catch(() => {});
    const variable = this.#scope.define(name, [], first, observer);
    return {
      variable,
      set: (definition, inputs = []) => {
        // The runtime computes a variable anew only when its last promise has settled.
        release();
        variable.define(name, inputs, definition);
      },
    };
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
    const { id, browserInputs, wanted, run } = definition;
    this.#parts.kernel.forget(id);
    const name = `kernel ${id}`;
    const outputs = () =>
      wanted.map((output) => {
        const read = (values: Readonly<Record<string, unknown>>) => values[output];
        return this.#scope.define(output, [name], read);
      });
    if (run === "live") {
      const inputs = [kernelStart, ...browserInputs, "invalidation"];
      const ask = this.#kernelQuestion(cell, definition);
      cell.variables.push(
        this.#scope.define(name, inputs, ask, this.#observer(cell)),
        ...outputs(),
      );
      return;
    }
    const { variable, set } = this.#settable(name);
    cell.variables.push(variable, ...outputs());
    const gate = { set } as { -readonly [K in keyof Gate]: Gate[K] };
    cell.gate = gate;
    gate.variable = this.#defineKernelGate(cell, definition);
  }

  #kernelQuestion(cell: DefinedCell, { id, browserInputs }: KernelCell) {
    return (_start: number, ...values: unknown[]): unknown => {
      const invalidation = values.pop() as Promise<void>;
      const inputs = Object.fromEntries(browserInputs.map((input, i) => [input, values[i]]));
      const isRun = cell.isRun === true;
      cell.isRun = false;
      return settled(this.#parts.kernel.ask(id, inputs, invalidation, isRun), invalidation);
    };
  }

  /** The kernel knows whether a cell runs; only a value that is another one is passed on. */
  #defineKernelGate(cell: DefinedCell, definition: KernelCell): Variable {
    const { id, browserInputs } = definition;
    const inputs = [kernelStart, ...browserInputs, "invalidation"];
    const ask = this.#kernelQuestion(cell, definition);
    const place = this.#parts.place(id);
    const isOwn = () => cell.isCurrent && cell.gate?.variable === variable;
    const variable: Variable = this.#scope.define(`gate ${id}`, inputs, ask, {
      pending: () => isOwn() && place.pending(),
      fulfilled: (values) => {
        if (!isOwn()) return;
        if (values !== cell.gate!.kept) cell.gate!.set(() => values);
        cell.gate!.kept = values;
        place.fulfilled();
      },
      rejected: (error) => {
        if (!isOwn() || error instanceof Invalidated) return;
        if (
          cell.gate!.kept !== undefined &&
          error instanceof RuntimeError &&
          error.input !== undefined
        ) {
          place.stale?.([{ name: error.input }]);
          place.fulfilled();
          return;
        }
        cell.gate!.kept = undefined;
        cell.gate!.set(() => Promise.reject(error));
        this.#fail(cell, error);
      },
    });
    return variable;
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
    if (cell.gate) this.#scope.delete([cell.gate.variable]);
    this.#scope.delete(cell.variables);
  }
}

/** The inputs of a cell that are variables. */
function givenOf(inputs: readonly string[]): readonly string[] {
  return inputs.filter((name) => !runNames.includes(name));
}

function unasked(): never {
  throw new StatedFailure({
    name: "OnDemand",
    message: "It runs on demand, and nobody has asked for it yet",
  });
}

/** Whether a cell that is edited has a value that serves those who read it, and is to keep it. */
function keepsValue(cell: DefinedCell, after: BrowserCell | KernelCell): boolean {
  const { definition: before, gate } = cell;
  if (!gate || after.error || before.kind !== after.kind || after.run !== "demand") return false;
  if (before.run !== "demand" || before.outputs.join() !== after.outputs.join()) return false;
  if (before.kind === "kernel" && after.kind === "kernel") {
    return before.wanted.join() === after.wanted.join();
  }
  return gate.asked?.ran !== undefined;
}

/** A new definition of the same cell. Other wanted names are a change here, though not in the kernel. */
function isSame(a: BrowserCell | KernelCell, b: BrowserCell | KernelCell): boolean {
  if (a.kind !== b.kind || a.version !== b.version || a.run !== b.run) return false;
  if (JSON.stringify(a.error) !== JSON.stringify(b.error)) return false;
  if (a.kind !== "kernel" || b.kind !== "kernel") return true;
  return a.wanted.join() === b.wanted.join();
}
