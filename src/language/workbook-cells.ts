import { browserBuiltins, kernelBuiltins } from "../workbook/index.ts";
import { CellModule } from "./cell-module.ts";
import { type Declared, type Outline, outlineOf } from "./outline.ts";
import { Program, scopeModule } from "./program.ts";
import { ts } from "./typescript.ts";

/** A code cell as the language service takes it. */
export interface CodeCell {
  readonly id: string;
  readonly kind: "browser" | "kernel";
  readonly source: string;
}

/** A cell with what is known of it by its text. */
export interface KnownCell extends CodeCell {
  readonly outline: Outline;
  /** Its module's name, without extension. */
  readonly name: string;
  /** Changes with its text. */
  readonly version: number;
}

/** What programs have read: the declarations of libraries are there once for all workbooks. */
const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);

/** Modules and versions made: no two workbooks have a module of the same name, for they share what is read. */
let made = 0;

/** What a cell finds without importing it and without being one of Node's globals. */
const given: Readonly<Record<CodeCell["kind"], ReadonlySet<string>>> = {
  browser: new Set(browserBuiltins),
  kernel: new Set(kernelBuiltins.filter((name) => name !== "console")),
};

/**
 * The code cells of a workbook as modules of two programs, one for each side with its own globals. What a
 * cell of the other side declares is there by its types alone.
 */
export class WorkbookCells {
  readonly programs: Readonly<Record<CodeCell["kind"], Program>>;
  readonly #known = new Map<string, KnownCell>();
  /** Name → the cell that gives others its value, and where it declares it. */
  readonly #owners = new Map<string, { readonly cell: KnownCell; readonly declared: Declared }>();
  readonly #modules = new Map<string, CellModule>();
  /** Declarations for the other side, by the versions of all cells they depend on. */
  readonly #declarations = new Map<string, { readonly key: string; readonly text: string }>();

  /** @param directory from which imports of cells are resolved */
  constructor(directory: string) {
    this.programs = {
      browser: new Program("browser", directory, registry),
      kernel: new Program("kernel", directory, registry),
    };
    this.programs.kernel.offerLibrary();
  }

  /** Takes these as all cells there are, in page order. */
  set(cells: readonly CodeCell[]): void {
    const gone = new Map(this.#known);
    this.#known.clear();
    for (const { id, kind, source } of cells) {
      const before = gone.get(id);
      const same = before?.kind === kind;
      const name = same ? before.name : `simile-cell-${++made}`;
      const cell =
        same && before.source === source
          ? before
          : { id, kind, source, name, outline: outlineOf(source), version: ++made };
      this.#known.set(id, cell);
      if (same) gone.delete(id);
    }
    for (const { name } of gone.values()) {
      this.#declarations.delete(name);
      for (const program of Object.values(this.programs)) {
        for (const extension of [".mts", ".d.mts"]) program.set(name + extension, undefined);
      }
    }
    this.#owners.clear();
    for (const cell of this.#known.values()) {
      for (const declared of cell.outline.declared) {
        // A kernel cell's import of a library that the page has as a builtin stays its own.
        const own = declared.kind === "import" && given.browser.has(declared.name);
        if ((own && cell.kind === "kernel") || this.#owners.has(declared.name)) continue;
        this.#owners.set(declared.name, { cell, declared });
      }
    }
    for (const cell of this.#known.values()) {
      this.#write(cell);
      const other = this.programs[cell.kind === "kernel" ? "browser" : "kernel"];
      // Something to find from the start: what was not found once is not looked for again.
      if (!this.#declarations.has(cell.name)) other.set(`${cell.name}.d.mts`, "export {};");
    }
    for (const kind of ["browser", "kernel"] as const) {
      const own = [...this.#known.values()].filter((cell) => cell.kind === kind);
      this.programs[kind].setRoots(own.map(fileOf));
      this.programs[kind].refresh();
    }
  }

  /** Gives back what the programs hold. */
  dispose(): void {
    for (const { service } of Object.values(this.programs)) service.dispose();
  }

  get(id: string): KnownCell | undefined {
    return this.#known.get(id);
  }

  get all(): readonly KnownCell[] {
    return [...this.#known.values()];
  }

  get owners(): ReadonlyMap<string, { readonly cell: KnownCell; readonly declared: Declared }> {
    return this.#owners;
  }

  moduleOf(cell: KnownCell): CellModule {
    return this.#modules.get(cell.name)!;
  }

  pathOf(cell: KnownCell): string {
    return this.programs[cell.kind].path(fileOf(cell));
  }

  /** The cell whose code or types a file of a program holds. */
  cellAt(path: string): KnownCell | undefined {
    const [, name] = /(simile-cell-\d+)(?:\.d)?\.mts$/.exec(path) ?? [];
    return name === undefined ? undefined : this.all.find((cell) => cell.name === name);
  }

  /** Names that the cell finds without importing them, but what cells declare. */
  givenTo({ kind }: KnownCell): ReadonlySet<string> {
    return given[kind];
  }

  /** Brings what the cells of one side take from the other up to date, before that side is asked. */
  settle(kind: CodeCell["kind"]): void {
    const done = new Set<string>();
    for (const cell of this.#known.values()) if (cell.kind === kind) this.#settleFor(cell, done);
  }

  /** The same for one name that cells of that side may come to read. */
  settleName(kind: CodeCell["kind"], name: string): void {
    const cell = this.#owners.get(name)?.cell;
    if (!cell || cell.kind === kind) return;
    this.#settleFor(cell, new Set());
    this.programs[kind].set(`${cell.name}.d.mts`, this.#declarationsOf(cell));
  }

  /** Sees to it that all a cell depends on is in its own program. */
  #settleFor(cell: KnownCell, done: Set<string>): void {
    if (done.has(cell.name)) return;
    done.add(cell.name);
    for (const source of this.#sourcesOf(cell)) {
      this.#settleFor(source, done);
      if (source.kind === cell.kind) continue;
      this.programs[cell.kind].set(`${source.name}.d.mts`, this.#declarationsOf(source));
    }
  }

  /** A cell's declarations as TypeScript infers them. */
  #declarationsOf(cell: KnownCell): string {
    const key = this.#keyOf(cell);
    const known = this.#declarations.get(cell.name);
    if (known?.key === key) return known.text;
    const { service } = this.programs[cell.kind];
    const { outputFiles } = service.getEmitOutput(this.pathOf(cell), true, true);
    const text = outputFiles[0]?.text ?? "export {};";
    this.#declarations.set(cell.name, { key, text });
    return text;
  }

  /** Versions of a cell and of all it depends on, through any number of cells. */
  #keyOf(cell: KnownCell): string {
    const all = new Set([cell]);
    for (const one of all) for (const source of this.#sourcesOf(one)) all.add(source);
    return Array.from(all, ({ version }) => version).join();
  }

  /** Other cells whose names a cell reads. */
  #sourcesOf(cell: KnownCell): ReadonlySet<KnownCell> {
    const sources = new Set<KnownCell>();
    for (const name of this.#takenBy(cell)) sources.add(this.#owners.get(name)!.cell);
    return sources;
  }

  #takenBy({ id, outline }: KnownCell): string[] {
    const own = new Set(outline.declared.map(({ name }) => name));
    return [...outline.names].filter((name) => {
      const owner = this.#owners.get(name);
      return owner !== undefined && owner.cell.id !== id && !own.has(name);
    });
  }

  /** The module of a cell for a source, which may be another than the cell's. */
  moduleFor(
    cell: KnownCell,
    outline: Outline = cell.outline,
    source: string = cell.source,
  ): CellModule {
    const taken = new Map<string, string[]>();
    const take = (module: string, name: string): void => {
      taken.set(module, [...(taken.get(module) ?? []), name]);
    };
    const own = new Set(outline.declared.map(({ name }) => name));
    for (const name of this.#takenBy({ ...cell, outline })) {
      take(`./${this.#owners.get(name)!.cell.name}.mjs`, name);
    }
    for (const name of given[cell.kind]) {
      if (outline.names.has(name) && !own.has(name) && !this.#owners.has(name)) {
        take(scopeModule, name);
      }
    }
    return new CellModule(source, outline, taken, scopeModule);
  }

  #write(cell: KnownCell): void {
    const module = this.moduleFor(cell);
    this.#modules.set(cell.name, module);
    this.programs[cell.kind].set(fileOf(cell), module.text);
  }
}

export function fileOf({ name }: KnownCell): string {
  return `${name}.mts`;
}
