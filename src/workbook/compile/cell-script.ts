import { positionAt } from "../lines.ts";
import type { CellAnalysis, Position, StaticImport } from "../workbook.ts";
import { type Edit, inOrder, rewrite } from "./rewrite.ts";

/** Names that a script gives to what is its own; the cell's code contains none of them. */
export interface ScriptNames {
  readonly importModule: string;
  readonly meta: string;
  /** Holds the value of a program's last expression. */
  readonly value: string;
}

/** A cell's code inside of a script, every line where it was. */
export interface CellScript {
  readonly code: string;
  /** What has to stand before the code on the line above it. */
  readonly before: string;
  /** The person's position of one in the rewritten code. */
  original(position: Position): Position;
}

export interface ScriptParts {
  readonly names: ScriptNames;
  /** What stands before the code of an expression. */
  readonly expressionStart: string;
  /** What stands in place of an import, made of what it binds; see `bindingsOfImport`. */
  readonly importText: (bound: string, binds: boolean) => string;
  readonly edits?: readonly Edit[];
}

export function scriptNames(code: string): ScriptNames {
  return {
    importModule: fresh("$import", code),
    meta: metaNames.find((name) => !code.includes(name)) ?? fresh("$importMeta", code),
    value: fresh("$value", code),
  };
}

/** Imports become awaited calls, `import.meta` a name, and the value of a last expression is kept. */
export function cellScript(
  analysis: CellAnalysis,
  { names, expressionStart, importText, edits: more = [] }: ScriptParts,
): CellScript {
  const { code, expression, last, beforeLast = 0 } = analysis;
  const edits: Edit[] = [
    ...analysis.imports.map((found) => ({
      range: found.range,
      text: importText(bindingsOfImport(found, names.importModule), found.bindings.length > 0),
    })),
    ...analysis.metas.map((range) => ({ range, text: names.meta })),
    ...more,
  ];
  let before = expression ? expressionStart : "";
  if (last) {
    // Behind the statement before it, where nothing of its own line has to move.
    const start = `;${names.value} = (`;
    if (beforeLast > 0) edits.push({ range: [beforeLast, beforeLast], text: start });
    else before = start;
    edits.push({ range: [last[1], last[1]], text: ")" });
  }
  const rewritten = rewrite(code, inOrder(edits));
  return {
    code: rewritten.code,
    before,
    original: (position) => {
      const { line, column } = rewritten.original(position);
      // The engine blames a whole statement for some errors, and the last one begins before its own code.
      const start = last && positionAt(code, beforeLast);
      if (expression && line < 1) return positionAt(code, firstOf(code));
      const isBefore = line < 1 || (line === start?.line && column === start.column);
      return last && isBefore ? positionAt(code, last[0]) : { line, column };
    },
  };
}

/** Offset of what comes first besides white space and comments. */
function firstOf(code: string): number {
  return /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/.exec(code)![0].length;
}

/** What an import binds, as it stands behind `const`: `a=await …,{"b":c}=a`; the bare call when nothing. */
function bindingsOfImport(
  { specifier, bindings, attributes }: StaticImport,
  importName: string,
): string {
  const whole = bindings.find(({ imported }) => imported === "*");
  const named = bindings.filter((binding) => binding !== whole);
  const names = named.map(({ imported }) => imported);
  const parts = [specifier, names, attributes].map((part) => JSON.stringify(part));
  const call = `await ${importName}(${parts.join(",")})`;
  const pattern = named.map(({ imported, local }) => `${JSON.stringify(imported)}:${local}`).join();
  if (whole && named.length > 0) return `${whole.local}=${call},{${pattern}}=${whole.local}`;
  if (whole) return `${whole.local}=${call}`;
  return named.length > 0 ? `{${pattern}}=${call}` : call;
}

/** As long as `import.meta`, so that it can stand in its place. */
const metaNames = ["$importMeta", "$importMet0", "$importMet1", "$importMet2", "$importMet3"];

/** A name that the code does not contain. */
export function fresh(name: string, code: string): string {
  let found = name;
  while (code.includes(found)) found += "$";
  return found;
}
