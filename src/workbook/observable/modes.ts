import type { CellKind } from "../workbook.ts";

/** Types of a notebook's scripts (Notebook Kit 2.1.8) → the names its cells go by. */
const modes: ReadonlyMap<string, string> = new Map([
  ["module", "js"],
  ["text/x-typescript", "ts"],
  ["text/markdown", "md"],
  ["text/html", "html"],
  ["application/x-tex", "tex"],
  ["application/sql", "sql"],
  ["text/vnd.graphviz", "dot"],
  ["application/vnd.node.javascript", "node"],
  ["text/x-python", "python"],
  ["text/x-r", "r"],
  ["application/vnd.observable.javascript", "ojs"],
]);

const types: ReadonlyMap<string, string> = new Map(
  Array.from(modes, ([type, mode]) => [mode, type]),
);

/** What a script of this type is. A type that is not known is its own name, and kept. */
export function modeOf(type: string | undefined): string {
  return type === undefined || type === "" ? "js" : (modes.get(type) ?? type);
}

/** The type of a script that holds a cell. */
export function typeOf({
  kind,
  mode,
}: {
  readonly kind: CellKind;
  readonly mode?: string;
}): string {
  const name = mode ?? (kind === "prose" ? "md" : "ts");
  return types.get(name) ?? name;
}

/** Whether a word names a language that Observable's notebooks have and workbooks do not run. */
export function isForeign(name: string): boolean {
  return types.has(name) && name !== "js" && name !== "ts" && name !== "md";
}
