import type { CellFault, ResolvedCell } from "./graph.ts";

/** The shortest way from a cell back to itself, told from that cell. */
export function cycleOf(
  start: ResolvedCell,
  cells: ReadonlyMap<string, ResolvedCell>,
): CellFault | undefined {
  const steps = shortestCycle(start, cells);
  if (!steps) return undefined;
  return { name: "CircularDefinition", message: circularMessage(start.cell.id, steps) };
}

/** What is told of a cycle. */
export function circularMessage(id: string, cycle: readonly Step[]): string {
  const way = cycle.map(([name, source]) => `${name} of #${source}`).join(", which needs ");
  return `#${id} waits for itself: it needs ${way}`;
}

/** A name that a cell reads, and the cell that declares it. */
type Step = readonly [name: string, source: string];

/** The shortest way from a cell back to itself, whose last step is the cell; undefined when there is none. */
export function shortestCycle(
  start: ResolvedCell,
  cells: ReadonlyMap<string, ResolvedCell>,
): readonly Step[] | undefined {
  const reached = new Set<string>();
  const queue: [id: string, path: readonly Step[]][] = [[start.cell.id, []]];
  for (const [id, path] of queue) {
    for (const step of cells.get(id)?.sources ?? []) {
      const [, source] = step;
      if (source === start.cell.id) return [...path, step];
      if (reached.has(source)) continue;
      reached.add(source);
      queue.push([source, [...path, step]]);
    }
  }
  return undefined;
}
