import { type Builtins, kernelImports } from "../builtins.ts";
import { positionAt } from "../lines.ts";
import type { Cell, Position } from "../workbook.ts";
import type { CellFault, ResolvedCell } from "./graph.ts";
import type { AnalysedCell, Names } from "./names.ts";

/** What is wrong with a cell by itself or beside others that declare the same; cycles aside. */
export function faultOf(
  analysed: AnalysedCell,
  names: Names,
  builtins: Builtins,
): CellFault | undefined {
  const [duplicate] = duplicatesOf(analysed, names);
  return errorOf(analysed) ?? duplicate?.fault ?? misusesOf(analysed, names, builtins).next().value;
}

/** The error of syntax, if there is one. */
export function errorOf({ cell, analysis }: AnalysedCell): CellFault | undefined {
  return analysis.error && faultAt(cell, analysis.error.message, analysis.error);
}

/** Each name that the cell declares and others too. */
export function duplicatesOf(
  analysed: AnalysedCell,
  names: Names,
): readonly { readonly name: string; readonly fault: CellFault }[] {
  return analysed.analysis.declarations.flatMap((name) => {
    const others = names.othersOf(name, analysed);
    if (others.length === 0) return [];
    const also = listed(others.map((other) => `#${other.cell.id}`));
    const message = `${name} is defined more than once: here and in ${also}`;
    return [{ name, fault: { name: "SyntaxError", message } }];
  });
}

/** Each thing that a cell of its side cannot do: import, assign to another's name, read the other side's builtin. */
export function* misusesOf(
  analysed: AnalysedCell,
  names: Names,
  builtins: Builtins,
): Generator<CellFault, undefined> {
  const { cell, analysis } = analysed;
  if (cell.kind === "browser") {
    const has = listed([...builtins.browser]);
    for (const imported of analysis.imports) {
      const message = `A browser cell cannot import "${imported.specifier}": it has ${has}; import in a kernel cell and name the result here`;
      yield faultAt(cell, message, imported);
    }
    for (const [start] of analysis.metas) {
      const at = positionAt(analysis.code, start);
      yield faultAt(cell, "import.meta has no value in a browser cell", at);
    }
  }
  for (const written of analysis.assignments) {
    const definer = names.definerOf(written.name);
    if (definer || names.isBuiltin(written.name, analysed)) {
      const owner = definer ? `#${definer.cell.id} defines it` : "it is a builtin";
      const message = `Cannot assign to ${written.name}: ${owner}, and a cell assigns only what it declares`;
      yield faultAt(cell, message, written);
    }
  }
  if (cell.kind !== "kernel") return undefined;
  for (const read of analysis.references) {
    const { name } = read;
    const known = names.definerOf(name) || names.isBuiltin(name, analysed);
    if (known || !builtins.browser.has(name)) continue;
    const how = kernelImports[name];
    const hint = how ? `import it here: ${how}` : "use it in a browser cell";
    const message = `${name} is a builtin of browser cells, and this cell runs in the kernel: ${hint}`;
    yield faultAt(cell, message, read);
  }
  return undefined;
}

function faultAt({ id }: Cell, message: string, { line, column }: Position): CellFault {
  return { name: "SyntaxError", message, at: { cell: id, line, column } };
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
