import type { CellAnalysis, ExecutionNames } from "../../src/workbook/index.ts";
import { executionBuiltins, moduleBuiltins } from "../../src/workbook/index.ts";

/** What every execution finds without declaring it. */
const ownNames: readonly string[] = [...executionBuiltins, ...moduleBuiltins];

/**
 * The names that executions have declared. They are properties of the global object, where functions
 * find what is declared anew; but a name that Node or the kernel itself relies on stays what it was for
 * everybody else, and the person's is kept apart.
 */
export class Namespace {
  /** Values by name of those kept apart. */
  readonly apart: Record<string, unknown> = Object.create(null);
  readonly #given: ReadonlySet<PropertyKey>;
  readonly #declared = new Set<string>();

  constructor() {
    const given = new Set<PropertyKey>(ownNames);
    for (let at: object | null = globalThis; at; at = Object.getPrototypeOf(at)) {
      for (const name of Reflect.ownKeys(at)) given.add(name);
    }
    this.#given = given;
  }

  /** The names in the order of their first declaration. */
  get names(): readonly string[] {
    return [...this.#declared];
  }

  /** The value of a declared name. */
  get(name: string): unknown {
    return this.#given.has(name) ? this.apart[name] : Reflect.get(globalThis, name);
  }

  /** Gives a declared name another value. */
  set(name: string, value: unknown): void {
    Reflect.set(this.#given.has(name) ? this.apart : globalThis, name, value);
  }

  /** Makes room for what an execution declares, and tells how it finds its names. */
  enter({ references, declarations, assignments }: CellAnalysis): ExecutionNames {
    for (const name of declarations) {
      if (!this.#given.has(name) && !this.#declared.has(name)) {
        Object.defineProperty(globalThis, name, {
          value: undefined,
          configurable: true,
          enumerable: true,
          writable: true,
        });
      }
      this.#declared.add(name);
    }
    const used = new Set([
      ...declarations,
      ...[...references, ...assignments].map(({ name }) => name),
    ]);
    const apart = [...used].filter((name) => this.#given.has(name) && this.#declared.has(name));
    return { apart, parameters: ownNames.filter((name) => !apart.includes(name)) };
  }
}
