import type { CellDefinition } from "../../protocol/index.ts";

type CodeCell = Extract<CellDefinition, { kind: "browser" | "kernel" }>;

const importClause = /\bimport\s+([^"';]*?)\bfrom\s*["']/g;

/** What a kernel cell is called in its bar: the names it declares, else what it is, else its id. */
export function cellName(definition: CodeCell): string {
  const { id, kind, source, outputs } = definition;
  if (kind !== "kernel") return id;
  if (source.trim() === "") return "kernel";
  const clauses = Array.from(source.matchAll(importClause), ([, clause = ""]) => clause);
  const imported = new Set(clauses.join(" ").match(/[\w$]+/g));
  return outputs.filter((name) => !imported.has(name)).join(", ") || id;
}
