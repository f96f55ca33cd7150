import { isMadeId } from "../../editing/index.ts";
import type { CellDefinition } from "../../protocol/index.ts";

type CodeCell = Extract<CellDefinition, { kind: "browser" | "kernel" }>;

const importClause = /\bimport\s+([^"';]*?)\bfrom\s*["']/g;
const importLine = /^\s*import\b.*$/;
const longest = 48;

/**
 * What a code cell is called where it is told of: the names it declares; else its id, if a person chose that; else how
 * its code begins.
 */
export function cellName({ id, kind, source, outputs }: CodeCell): string {
  const clauses = Array.from(source.matchAll(importClause), ([, clause = ""]) => clause);
  const imported = new Set(clauses.join(" ").match(/[\w$]+/g));
  const declared = outputs.filter((name) => !imported.has(name));
  if (declared.length > 0) return declared.join(", ");
  if (!isMadeId(id)) return id;
  const lines = source.split("\n").filter((line) => /\w/.test(line));
  const first = lines.find((line) => !importLine.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line));
  const text = (first ?? lines[0] ?? "").trim();
  if (text === "") return kind === "kernel" ? "kernel" : "code";
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
