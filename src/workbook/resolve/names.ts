import type { Builtins } from "../builtins.ts";
import type { Cell, CellAnalysis } from "../workbook.ts";

/** A code cell with its analyses. */
export interface AnalysedCell {
  readonly cell: Cell;
  readonly analysis: CellAnalysis;
  readonly lastGood?: CellAnalysis;
}

/** Who declares what in a workbook. */
export class Names {
  readonly #definers = new Map<string, AnalysedCell[]>();
  readonly #builtins: Builtins;

  constructor(cells: readonly AnalysedCell[], builtins: Builtins) {
    this.#builtins = builtins;
    for (const cell of cells) {
      if (!cell.analysis.error) for (const name of this.#declared(cell)) this.#add(name, cell);
    }
    for (const cell of cells) {
      if (!cell.analysis.error) continue;
      // What an invalid cell would declare is not known: it gives way to what another does declare.
      const { declarations } = cell.lastGood ?? cell.analysis;
      for (const name of declarations) if (!this.#definers.has(name)) this.#add(name, cell);
    }
  }

  /** The cell that gives others the value of `name`. */
  definerOf(name: string): AnalysedCell | undefined {
    return this.#definers.get(name)?.[0];
  }

  /** The other cells that declare `name` too, where that is an error. */
  othersOf(name: string, cell: AnalysedCell): readonly AnalysedCell[] {
    const definers = this.#definers.get(name) ?? [];
    if (!definers.includes(cell) || definers.length < 2) return [];
    const origins = new Set(definers.map((definer) => originOf(name, definer)));
    const same = origins.size === 1 && !origins.has(undefined);
    return same ? [] : definers.filter((definer) => definer !== cell);
  }

  /** What a cell gives to others: its declarations, but what another gives already by the same import. */
  outputsOf(cell: AnalysedCell): string[] {
    const { declarations } = cell.analysis.error ? (cell.lastGood ?? cell.analysis) : cell.analysis;
    return declarations.filter((name) => {
      const definers = this.#definers.get(name) ?? [];
      if (!definers.includes(cell)) return false;
      return definers[0] === cell || this.othersOf(name, cell).length > 0;
    });
  }

  /** Whether a name that no cell declares is a builtin on the cell's side. */
  isBuiltin(name: string, { cell }: AnalysedCell): boolean {
    return this.#builtins[cell.kind === "kernel" ? "kernel" : "browser"].has(name);
  }

  /**
   * Declarations that others can see. A kernel cell's import of a library that the page has as a
   * builtin stays its own: it must not take the library's place in browser cells.
   */
  #declared({ cell, analysis }: AnalysedCell): readonly string[] {
    if (cell.kind !== "kernel") return analysis.declarations;
    const imported = new Set(
      analysis.imports.flatMap(({ bindings }) => bindings.map(({ local }) => local)),
    );
    return analysis.declarations.filter(
      (name) => !(imported.has(name) && this.#builtins.browser.has(name)),
    );
  }

  #add(name: string, cell: AnalysedCell): void {
    const definers = this.#definers.get(name);
    if (definers) definers.push(cell);
    else this.#definers.set(name, [cell]);
  }
}

/** Module and export that an imported name stands for; undefined for what a cell declares itself. */
function originOf(name: string, { analysis }: AnalysedCell): string | undefined {
  for (const { specifier, bindings, attributes } of analysis.imports) {
    const found = bindings.find(({ local }) => local === name);
    if (found) return JSON.stringify([specifier, found.imported, attributes]);
  }
  return undefined;
}
