import type { Variable } from "@observablehq/runtime";
import type { CellDefinition, CellError } from "../../protocol/index.ts";
import { CellDisplay } from "./cell-display.ts";
import { CellEvaluation, kernelStart } from "./cell-evaluation.ts";
import { type CodeCell, type DefinedCell, isSame, keepsValue } from "./defined-cell.ts";
import { GatedBrowserCells } from "./gated-browser-cells.ts";
import { GatedKernelCells } from "./gated-kernel-cells.ts";
import type { GraphParts } from "./graph-parts.ts";
import { kernelBelow } from "./kernel-below.ts";
import { LiveCells } from "./live-cells.ts";
import { ReactiveScope } from "./reactive-scope.ts";

/**
 * The code cells of an open workbook as variables of the Observable runtime. A cell is one variable
 * holding all its outputs, and one variable per output. It is changed by deleting its variables and
 * defining new ones; whatever depends on it, and only that, runs again.
 */
export class Graph {
  readonly #place: GraphParts["place"];
  readonly #scope: ReactiveScope;
  readonly #cells = new Map<string, DefinedCell>();
  readonly #live: LiveCells;
  readonly #gatedBrowser: GatedBrowserCells;
  readonly #gatedKernel: GatedKernelCells;
  readonly #start: Variable;
  #starts = 0;

  constructor(parts: GraphParts) {
    this.#place = parts.place;
    this.#scope = new ReactiveScope(parts.builtins);
    this.#start = this.#scope.define(kernelStart, [], 0);
    const variables = {
      scope: this.#scope,
      evaluation: new CellEvaluation(parts),
      display: new CellDisplay({
        place: parts.place,
        isDefined: (name) => this.definerOf(name) !== undefined,
      }),
    };
    this.#live = new LiveCells(variables);
    this.#gatedBrowser = new GatedBrowserCells(variables);
    this.#gatedKernel = new GatedKernelCells(variables);
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
    const defined: CodeCell[] = [];
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
      const below = kernelBelow(
        defined.filter(isOther).map(({ id }) => id),
        this.#cells,
      );
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
      for (const id of kernelBelow(kernel, this.#cells)) this.#askKernel(id, kernel.includes(id));
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
  #define(definition: CodeCell, isRun = false, before?: DefinedCell): void {
    const cell: DefinedCell = { definition, variables: [], isCurrent: true };
    this.#cells.set(definition.id, cell);
    this.#place(definition.id).stale?.([]);
    if (definition.error) this.#live.defineFailed(cell, definition.error);
    else if (definition.kind === "browser" && definition.run === "live") {
      this.#live.defineBrowser(cell, definition);
    } else if (definition.kind === "browser") {
      const last = before?.definition.version === definition.version ? before.last : undefined;
      this.#gatedBrowser.define(cell, definition, isRun, last);
    } else if (definition.run === "live") this.#live.defineKernel(cell, definition);
    else {
      cell.isRun = isRun;
      this.#gatedKernel.define(cell, definition);
    }
  }

  #askKernel(id: string, isRun = false): void {
    const cell = this.#cells.get(id);
    const { definition, gate } = cell ?? {};
    if (!cell || definition?.kind !== "kernel" || definition.error) return;
    if (gate) {
      cell.isRun = isRun;
      this.#gatedKernel.ask(cell, definition);
    } else {
      this.#delete(id);
      const next: DefinedCell = { definition, variables: [], isCurrent: true, isRun };
      this.#cells.set(id, next);
      this.#live.defineKernel(next, definition);
    }
  }

  /** Another code for a cell that runs on demand, whose value is kept until a person wants it to run. */
  #edit(cell: DefinedCell, definition: CodeCell): void {
    cell.definition = definition;
    this.#scope.change(() => {
      if (definition.kind === "browser") this.#gatedBrowser.edit(cell, definition);
      else this.#gatedKernel.ask(cell, definition);
    });
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
