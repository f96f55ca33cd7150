import type { Finding } from "../../src/workbook/index.ts";
import { readArguments } from "../arguments.ts";
import { findingsOf } from "../checking/findings.ts";
import { type Command, UsageError } from "../command.ts";
import { workbookText } from "../documents/workbook-text.ts";

/** Exit status when an error was found. */
const findingsStatus = 3;

export const check: Command = {
  summary: "look for what is wrong with a workbook, without running it",
  usage: `Usage: simile check WORKBOOK [options]

Reads a workbook and says what would keep its cells from having a value. Nothing is run, and nothing is
changed. Each finding begins with its place, FILE:LINE:COLUMN.

  container    a fence that never closes, an id given twice, an unknown run mode
  syntax       a cell is no TypeScript, or has types that make code of their own
  duplicate    two cells declare the same name
  cycle        a cell waits for itself, told by its shortest way
  undefined    a name that no cell declares, and that is no builtin nor global of its side
  misuse       a browser cell imports, or a cell assigns to what another declares
  missing      a file or folder that openSeries, openCheckpoint, openAdapter or import names is not there
  type         TypeScript finds an error of types; a warning where a value may be null or undefined
  varies       a warning: the value is another at each run (Math.random, Date.now, new Date(), fetch, …)

Types are those of all cells together, of simile, of Node and of the page. Types may be left out.

  --json             print the findings as JSON

Examples:
  simile check workbook.md
  simile check workbook.md --json | jq '.findings[].message'

Exit status: 0 no error was found, 3 an error was found, 1 the workbook could not be read, 2 the command
line makes no sense.`,

  async run(args) {
    const { values, positionals } = readArguments(
      args,
      { json: { type: "boolean", default: false } },
      1,
    );
    const [path] = positionals;
    if (path === undefined) throw new UsageError("Cannot check: expected WORKBOOK, found none");
    const findings = await findingsOf(await workbookText(path, "check"), path);
    console.log(
      values.json ? JSON.stringify({ file: path, findings }, null, 2) : textOf(path, findings),
    );
    return findings.some(({ severity }) => severity === "error") ? findingsStatus : 0;
  },
};

function textOf(path: string, findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ severity, kind, message, line, column }) =>
      `${path}:${line}:${column}: ${severity === "warning" ? "warning" : kind}: ${message}`,
  );
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  return [...lines, `${counted(errors, "error")}, ${counted(warnings, "warning")}`].join("\n");
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
