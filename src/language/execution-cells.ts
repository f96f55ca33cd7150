import { executionBuiltins } from "../workbook/index.ts";
import { CellModule } from "./cell-module.ts";
import { type Outline, outlineOf } from "./outline.ts";
import { Program, scopeModule } from "./program.ts";

/** Name of the module that is being typed. */
const typedModule = "simile-typed.mts";

/** A name that was executed, and the module that declared it last. */
interface Owner {
  readonly module: string;
  readonly kind: string;
}

/**
 * What was executed, each piece a module of its own so that a name may be declared again, and the code
 * being typed, which sees the newest of each name.
 */
export class ExecutionCells {
  readonly program: Program;
  readonly #owners = new Map<string, Owner>();
  #executed = 0;

  /** @param directory from which imports are resolved */
  constructor(directory: string) {
    this.program = new Program("execution", directory);
    this.program.setRoots([typedModule]);
    this.program.set(typedModule, "export {};");
  }

  /** Kinds of names that were executed, or that executions find without importing them. */
  get names(): ReadonlyMap<string, string> {
    const given = executionBuiltins.map((name) => [name, "const"] as const);
    return new Map([
      ...given,
      ...Array.from(this.#owners, ([name, { kind }]) => [name, kind] as const),
    ]);
  }

  get typedPath(): string {
    return this.program.path(typedModule);
  }

  /** Adds code that was executed; code that makes no sense declares nothing. */
  add(code: string): void {
    const outline = outlineOf(code);
    if (!outline.sound || outline.declared.length === 0) return;
    const module = `simile-executed-${++this.#executed}`;
    this.program.set(`${module}.mts`, this.#moduleOf(code, outline).text);
    for (const { name, kind } of outline.declared) this.#owners.set(name, { module, kind });
  }

  /** Takes code as what is being typed. */
  type(code: string): CellModule {
    const module = this.#moduleOf(code, outlineOf(code));
    this.program.set(typedModule, module.text);
    this.program.refresh();
    return module;
  }

  #moduleOf(code: string, outline: Outline): CellModule {
    const own = new Set(outline.declared.map(({ name }) => name));
    const taken = new Map<string, string[]>();
    for (const name of outline.names) {
      if (own.has(name)) continue;
      const owner = this.#owners.get(name);
      const given = name !== "console" && executionBuiltins.some((builtin) => builtin === name);
      const module = owner ? `./${owner.module}.mjs` : given ? scopeModule : undefined;
      if (module !== undefined) taken.set(module, [...(taken.get(module) ?? []), name]);
    }
    return new CellModule(code, outline, taken);
  }
}
