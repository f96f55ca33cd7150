import type { ImportModule, StaticImport } from "../../src/workbook/index.ts";
import type { Namespace } from "./namespace.ts";

/** A declared name, what it was imported as, and what that was then. */
interface Imported {
  readonly from: StaticImport;
  readonly imported: string;
  readonly value: unknown;
}

/** The names that executions have imported from local modules: they follow the modules when those are edited. */
export class ImportedNames {
  /** Set when modules have been edited. */
  isOutdated = false;
  readonly #namespace: Namespace;
  readonly #names = new Map<string, Imported>();

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  async remember(imports: readonly StaticImport[], importModule: ImportModule): Promise<void> {
    for (const from of imports) {
      if (!/^\.{0,2}\//.test(from.specifier)) continue;
      const module = await importModule(from.specifier, [], from.attributes);
      for (const { imported, local } of from.bindings) {
        this.#names.set(local, { from, imported, value: exportOf(module, imported) });
      }
    }
  }

  /**
   * Gives the names their values of now; a name that the person has given another value keeps that.
   *
   * @throws what is wrong with an edited module; the names keep their values, and the next call tries again
   */
  async refresh(importModule: ImportModule): Promise<void> {
    if (!this.isOutdated) return;
    for (const [local, { from, imported, value }] of this.#names) {
      if (this.#namespace.get(local) !== value) {
        this.#names.delete(local);
        continue;
      }
      const names = imported === "*" ? [] : [imported];
      const module = await importModule(from.specifier, names, from.attributes);
      const now = exportOf(module, imported);
      this.#namespace.set(local, now);
      this.#names.set(local, { from, imported, value: now });
    }
    this.isOutdated = false;
  }
}

function exportOf(module: unknown, name: string): unknown {
  return name === "*" ? module : Reflect.get(module as object, name);
}
