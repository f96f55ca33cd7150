import { type Module, type Observer, Runtime, type Variable } from "@observablehq/runtime";

/**
 * The one module of an Observable runtime in which cells define names: with what the runtime lacks for
 * documents that are edited while they run.
 */
export class ReactiveScope {
  readonly #runtime: Runtime;
  readonly #module: Module;
  /** Implicit variables that stand in for deleted ones until `change` ends. */
  readonly #parked = new Map<string, Variable>();

  #last = 0;

  constructor(builtins: Readonly<Record<string, unknown>>) {
    this.#runtime = new Runtime(builtins, globalValue);
    this.#runtime._computeSoon = () => this.#computeSoon();
    this.#module = this.#runtime.module();
  }

  /** How many variables the runtime holds, its own and the builtins included. */
  get size(): number {
    return this.#runtime._variables.size;
  }

  /**
   * Defines `name` by a function of `inputs`. With an observer it is computed always, without one only
   * when something observed needs it.
   */
  define(
    name: string,
    inputs: readonly string[],
    definition: unknown,
    observer?: Observer,
  ): Variable {
    return this.#module.variable(observer).define(name, inputs, definition);
  }

  /** The value that a name has now; undefined while it has none. */
  valueOf(name: string): unknown {
    return this.#module._scope.get(name)?._value;
  }

  /** Deletes and defines, leaving no trace of what is deleted and defined again. */
  change(act: () => void): void {
    act();
    for (const [name, variable] of this.#parked) {
      if (this.#module._scope.get(name) !== variable) this.#runtime._variables.delete(variable);
    }
    this.#parked.clear();
  }

  /**
   * Deletes a cell's variables, the last first: deleting one that another still reads makes the runtime
   * park an implicit variable under its name.
   */
  delete(variables: readonly Variable[]): void {
    for (const variable of variables.toReversed()) {
      releaseDependants(variable);
      const name = variable._name!;
      variable.delete();
      const left = this.#module._scope.get(name);
      if (left?._type === implicit) this.#parked.set(name, left);
    }
  }

  /** At once when nothing has been computed for a frame, else in the next one. */
  async #computeSoon(): Promise<void> {
    if (performance.now() - this.#last < frame) await nextFrame();
    else await Promise.resolve();
    this.#last = performance.now();
    if (!this.#runtime._disposed) await this.#runtime._computeNow();
  }

  dispose(): void {
    this.#runtime.dispose();
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

/** Milliseconds that a frame lasts. */
const frame = 16;

/** The next frame; a hidden tab has none, so 200 ms at most. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 200);
    requestFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const requestFrame: (act: () => void) => unknown = (act) =>
  typeof requestAnimationFrame === "function" ? requestAnimationFrame(act) : setTimeout(act);

/** A global of the page. Elements are not: `<div id="matrix">` must not answer for a name. */
function globalValue(name: string): unknown {
  if (!(name in globalThis)) throw new ReferenceError(`${name} is not defined`);
  const value: unknown = (globalThis as unknown as Readonly<Record<string, unknown>>)[name];
  if (value instanceof Element || value instanceof HTMLCollection) {
    throw new ReferenceError(`${name} is not defined`);
  }
  return value;
}
