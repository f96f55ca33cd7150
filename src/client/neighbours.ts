import type { CellDefinition } from "../protocol/index.ts";

/** The cells that one reads, and those that read it. */
export interface Neighbours {
  readonly reads: ReadonlySet<string>;
  readonly readers: ReadonlySet<string>;
}

/** What a cell reads of others: names of builtins and globals are among them. */
export function namesRead(cell: CellDefinition): readonly string[] {
  return cell.kind === "prose" ? [] : cell.inputs;
}

function namesGiven(cell: CellDefinition): readonly string[] {
  return cell.kind === "prose" ? [] : cell.outputs;
}

/** What reads what, directly: for each code cell, in the order of the page. */
export function neighboursOf(cells: Iterable<CellDefinition>): ReadonlyMap<string, Neighbours> {
  const code = [...cells].filter(({ kind }) => kind !== "prose");
  const definers = new Map<string, string[]>();
  for (const cell of code) {
    for (const name of namesGiven(cell)) {
      definers.set(name, [...(definers.get(name) ?? []), cell.id]);
    }
  }
  const found = new Map(
    code.map(({ id }) => [id, { reads: new Set<string>(), readers: new Set<string>() }]),
  );
  for (const cell of code) {
    for (const name of namesRead(cell)) {
      for (const definer of definers.get(name) ?? []) {
        if (definer === cell.id) continue;
        found.get(cell.id)!.reads.add(definer);
        found.get(definer)!.readers.add(cell.id);
      }
    }
  }
  return found;
}

/**
 * Which names of a cell are not what they would be now: those of cells that are out of date, or that read
 * such a name themselves.
 *
 * @param isStale whether a cell is out of date by itself
 * @returns for each cell that is not, the names that it reads of such ones
 */
export function staleNames(
  cells: Iterable<CellDefinition>,
  isStale: (id: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const all = [...cells];
  const stale = new Set<string>();
  for (const cell of all)
    if (isStale(cell.id)) for (const name of namesGiven(cell)) stale.add(name);
  const found = new Map<string, readonly string[]>();
  for (let isGrowing = stale.size > 0; isGrowing; ) {
    isGrowing = false;
    for (const cell of all) {
      if (isStale(cell.id) || found.has(cell.id)) continue;
      const names = namesRead(cell).filter((name) => stale.has(name));
      if (names.length === 0) continue;
      found.set(cell.id, names);
      for (const name of namesGiven(cell)) stale.add(name);
      isGrowing = true;
    }
  }
  return found;
}
