import { analyse } from "../analyse/analyse.ts";
import { type Builtins, builtins as standard } from "../builtins.ts";
import type { StripTypes } from "../compile/strip-types.ts";
import { hash } from "../hash.ts";
import type { CellAnalysis, Reference, Workbook } from "../workbook.ts";
import { cycleOf } from "./cycles.ts";
import { blockOf, faultOf } from "./faults.ts";
import type { CellFault, Graph, ResolvedCell } from "./graph.ts";
import { type AnalysedCell, Names } from "./names.ts";

/** What `resolve` may be told. */
export interface ResolveOptions {
  /** The graph before an edit: analyses are reused, and an invalid cell keeps its last names. */
  readonly previous?: Graph;
  readonly builtins?: Builtins;
  /** Gives the function that blanks types; by default TypeScript is loaded when a cell needs it. */
  readonly load?: () => Promise<StripTypes>;
}

/**
 * Connects the code cells of a workbook: what each takes from others, gives to others, and whether it
 * can run. A free name is what another cell declares, else a builtin of the cell's side, else left to
 * the run (a global, or a ReferenceError). Nothing is evaluated.
 */
export async function resolve(workbook: Workbook, options: ResolveOptions = {}): Promise<Graph> {
  const { previous, builtins = standard } = options;
  const analysed = await analyseAll(workbook, previous, options.load);
  const names = new Names(analysed, builtins);
  const cells = new Map<string, ResolvedCell>();
  const faults = new Map<string, CellFault | undefined>();
  for (const cell of analysed) {
    cells.set(cell.cell.id, connect(cell, names));
    faults.set(cell.cell.id, faultOf(cell, names, builtins));
  }
  const wanted = wantedOf(analysed, names);
  for (const [id, cell] of cells) {
    const browserInputs = cell.cell.kind === "kernel" ? browserInputsOf(cell, cells) : [];
    const error = faults.get(id) ?? cycleOf(cell, cells);
    cells.set(id, {
      ...cell,
      browserInputs,
      wanted: cell.outputs.filter((name) => wanted.has(name)),
      version: versionOf({ ...cell, browserInputs }, cells),
      ...(error && { error }),
    });
  }
  const blocked = new Map<string, CellFault>();
  for (const [id, cell] of cells) {
    const block = cell.error ? undefined : blockOf(cell, cells);
    if (block) blocked.set(id, block);
  }
  for (const [id, error] of blocked) cells.set(id, { ...cells.get(id)!, error });
  return { cells };
}

async function analyseAll(
  { cells }: Workbook,
  previous: Graph | undefined,
  load: (() => Promise<StripTypes>) | undefined,
): Promise<AnalysedCell[]> {
  const known = new Map<string, CellAnalysis>();
  for (const { cell, analysis } of previous?.cells.values() ?? []) known.set(cell.source, analysis);
  const code = cells.filter((cell) => cell.kind !== "prose");
  return Promise.all(
    code.map(async (cell) => {
      const analysis = known.get(cell.source) ?? (await analyse(cell.source, load));
      const lastGood = analysis.error ? previous?.cells.get(cell.id)?.lastGood : analysis;
      return { cell, analysis, ...(lastGood && { lastGood }) };
    }),
  );
}

function connect(analysed: AnalysedCell, names: Names): ResolvedCell {
  const inputs: string[] = [];
  const found: string[] = [];
  const sources = new Map<string, string>();
  for (const { name } of analysed.analysis.references) {
    const definer = definerFor(name, analysed, names);
    if (definer) sources.set(name, definer.cell.id);
    else if (names.isBuiltin(name, analysed)) found.push(name);
    else continue;
    inputs.push(name);
  }
  return {
    ...analysed,
    inputs,
    builtins: found,
    sources,
    outputs: names.outputsOf(analysed),
    browserInputs: [],
    wanted: [],
    version: "",
  };
}

/** The other cell that `name` is from. A cell that imports the same as another reads its own. */
function definerFor(name: string, reader: AnalysedCell, names: Names): AnalysedCell | undefined {
  const definer = names.definerOf(name);
  return definer === reader ? undefined : definer;
}

/** Names that browser cells read, going by their last good analysis: no flicker while one is edited. */
function wantedOf(cells: readonly AnalysedCell[], names: Names): Set<string> {
  const readers = cells.filter(({ cell }) => cell.kind === "browser");
  const read = readers.flatMap(({ lastGood }): readonly Reference[] => lastGood?.references ?? []);
  return new Set(
    read.map(({ name }) => name).filter((name) => names.definerOf(name)?.cell.kind === "kernel"),
  );
}

function browserInputsOf(start: ResolvedCell, cells: ReadonlyMap<string, ResolvedCell>): string[] {
  const found = new Set<string>();
  const seen = new Set([start]);
  for (const { sources } of seen) {
    for (const [name, source] of sources) {
      const definer = cells.get(source)!;
      if (definer.cell.kind === "browser") found.add(name);
      else seen.add(definer);
    }
  }
  return [...found].toSorted();
}

function versionOf(
  { cell, analysis, inputs, sources, outputs, browserInputs }: ResolvedCell,
  cells: ReadonlyMap<string, ResolvedCell>,
): string {
  const origins = inputs.map((name) => {
    const source = sources.get(name);
    return [name, source === undefined ? "builtin" : cells.get(source)!.cell.kind];
  });
  // By name: the order in which a cell reads its inputs is in its signature already.
  origins.sort(([a], [b]) => (a! < b! ? -1 : 1));
  return hash(JSON.stringify([cell.kind, analysis.signature, origins, outputs, browserInputs]));
}
