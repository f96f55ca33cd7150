import type { Provenance } from "../../src/similarity/index.ts";

/** A number as a person reads it: as many digits as its precision is worth. */
export function shownNumber(value: number, { precision }: Pick<Provenance, "precision">): string {
  if (Number.isNaN(value)) return "undefined";
  return Number(value.toPrecision(precision === "float64" ? 12 : 6)).toString();
}

/** What a number is and where it comes from, as lines of a name and its text. */
export function provenanceLines(provenance: Provenance): (readonly [string, string])[] {
  const { metric, exact, exactFor, precision, engine, algorithm, slice } = provenance;
  const threads = engine.threads === 1 ? "1 thread" : `${engine.threads} threads`;
  return [
    ["metric", `${metric}, ${exact ? "exact" : "approximate"}`],
    [exact ? "exact for" : "would be exact for", exactFor],
    ["outputs", slice === null ? "all together" : `output ${slice} only`],
    ["computed", `in ${precision} by engine ${engine.name} on ${threads}, ${algorithm}`],
  ];
}

/** Names and texts as two columns; long texts go on below where they began. */
export function inColumns(lines: readonly (readonly [string, string])[], width: number): string {
  const indent = Math.max(...lines.map(([name]) => name.length)) + 2;
  return lines.map(([name, text]) => name.padEnd(indent) + wrapped(text, indent, width)).join("\n");
}

function wrapped(text: string, indent: number, width: number): string {
  const room = Math.max(30, width - indent);
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(" ")) {
    if (row !== "" && row.length + 1 + word.length > room) {
      rows.push(row);
      row = word;
    } else row = row === "" ? word : `${row} ${word}`;
  }
  return [...rows, row].join(`\n${" ".repeat(indent)}`);
}

/** Width of the terminal, or of a page when there is none. */
export function outputWidth(): number {
  return process.stdout.columns ?? 100;
}
