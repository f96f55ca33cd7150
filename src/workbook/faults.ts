import { type Builtins, kernelImports } from "./builtins.ts";
import type { CellFault, ResolvedCell } from "./graph.ts";
import { positionAt } from "./lines.ts";
import type { AnalysedCell, Names } from "./names.ts";
import type { Position } from "./workbook.ts";

/** What is wrong with a cell by itself or beside others that declare the same; cycles aside. */
export function faultOf(
  analysed: AnalysedCell,
  names: Names,
  builtins: Builtins,
): CellFault | undefined {
  const { cell, analysis } = analysed;
  const fault = (message: string, { line, column }: Position): CellFault => ({
    name: "SyntaxError",
    message,
    at: { cell: cell.id, line, column },
  });
  if (analysis.error) return fault(analysis.error.message, analysis.error);
  for (const name of analysis.declarations) {
    const others = names.othersOf(name, analysed);
    if (others.length > 0) {
      const also = listed(others.map((other) => `#${other.cell.id}`));
      return {
        name: "SyntaxError",
        message: `${name} is defined more than once: here and in ${also}`,
      };
    }
  }
  const [imported] = analysis.imports;
  if (cell.kind === "browser" && imported) {
    const has = listed([...builtins.browser]);
    const message = `A browser cell cannot import "${imported.specifier}": it has ${has}; import in a kernel cell and name the result here`;
    return fault(message, imported);
  }
  const [meta] = analysis.metas;
  if (cell.kind === "browser" && meta) {
    return fault("import.meta has no value in a browser cell", positionAt(analysis.code, meta[0]));
  }
  for (const written of analysis.assignments) {
    const definer = names.definerOf(written.name);
    if (definer || names.isBuiltin(written.name, analysed)) {
      const owner = definer ? `#${definer.cell.id} defines it` : "it is a builtin";
      return fault(
        `Cannot assign to ${written.name}: ${owner}, and a cell assigns only what it declares`,
        written,
      );
    }
  }
  if (cell.kind !== "kernel") return undefined;
  for (const read of analysis.references) {
    const { name } = read;
    const known = names.definerOf(name) || names.isBuiltin(name, analysed);
    if (known || !builtins.browser.has(name)) continue;
    const how = kernelImports[name];
    const hint = how ? `import it here: ${how}` : "use it in a browser cell";
    return fault(
      `${name} is a builtin of browser cells, and this cell runs in the kernel: ${hint}`,
      read,
    );
  }
  return undefined;
}

/** The shortest way from a cell back to itself, told from that cell. */
export function cycleOf(
  start: ResolvedCell,
  cells: ReadonlyMap<string, ResolvedCell>,
): CellFault | undefined {
  const reached = new Map<string, string>();
  const queue: [id: string, path: readonly string[]][] = [[start.cell.id, []]];
  for (const [id, path] of queue) {
    for (const [name, source] of cells.get(id)?.sources ?? []) {
      const step = `${name} of #${source}`;
      if (source === start.cell.id) {
        const way = [...path, step].join(", which needs ");
        return {
          name: "CircularDefinition",
          message: `#${start.cell.id} waits for itself: it needs ${way}`,
        };
      }
      if (reached.has(source)) continue;
      reached.set(source, id);
      queue.push([source, [...path, step]]);
    }
  }
  return undefined;
}

/** The input, if any, whose cell has an error or waits for one that has. */
export function blockOf(
  blocked: ResolvedCell,
  cells: ReadonlyMap<string, ResolvedCell>,
  seen: Set<ResolvedCell> = new Set(),
): CellFault | undefined {
  if (seen.has(blocked)) return undefined;
  seen.add(blocked);
  for (const [name, source] of blocked.sources) {
    const definer = cells.get(source)!;
    if (definer.error || blockOf(definer, cells, seen)) {
      const message = `Waits for ${name}: #${source} has an error`;
      return { name: "Blocked", message, blockedBy: name };
    }
  }
  return undefined;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
