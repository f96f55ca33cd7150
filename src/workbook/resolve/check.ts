import { type Use, usesOf } from "../analyse/uses.ts";
import { type Builtins, builtins as standard } from "../builtins.ts";
import { filePosition } from "../file-position.ts";
import type { Position, Workbook } from "../workbook.ts";
import { circularMessage, shortestCycle } from "./cycles.ts";
import { duplicatesOf, errorOf, misusesOf } from "./faults.ts";
import type { Graph, ResolvedCell } from "./graph.ts";
import { Names } from "./names.ts";

/** Something of a workbook that a person should look at. */
export interface Finding extends Position {
  /** Errors keep a cell from having its value, or a name from having its meaning; the rest are warnings. */
  readonly severity: "error" | "warning";
  readonly kind:
    | "container"
    | "syntax"
    | "duplicate"
    | "cycle"
    | "undefined"
    | "misuse"
    | "missing"
    | "type"
    | "varies";
  readonly message: string;
  /** The cell it is found in; none for what is between cells. `line` and `column` are of the file. */
  readonly cell?: string;
}

/** What `check` has to know of where cells run. */
export interface CheckOptions {
  /** Names that there are without any cell or builtin. */
  readonly globals: {
    readonly kernel: ReadonlySet<string>;
    readonly browser: ReadonlySet<string>;
  };
  readonly builtins?: Builtins;
}

/** Free names whose values are others at each run. */
const varying: Readonly<Record<string, string>> = {
  "Math.random": "a generator with a seed gives the same numbers each time",
  "crypto.randomUUID": "the value is another at each run",
  "crypto.getRandomValues": "the values are others at each run",
  "Date.now": "the value is another at each run",
  "performance.now": "the value is another at each run",
  fetch: "what it loads may be another at each run",
};

/**
 * What is wrong with a workbook, as far as that can be known without running it: what the container
 * reports, errors of syntax, names that are declared twice or not at all, cells that wait for themselves
 * (each by its shortest cycle), what a cell of its side cannot do; and, as warnings, calls whose result
 * is another at each run. In the order of the file.
 *
 * @param graph the workbook's, by `resolve`
 */
export function check(workbook: Workbook, graph: Graph, options: CheckOptions): Finding[] {
  const { builtins = standard } = options;
  const names = new Names([...graph.cells.values()], builtins);
  const findings = (workbook.diagnostics ?? []).map(
    ({ message, line, doubt }): Finding => ({
      severity: doubt ? "warning" : "error",
      kind: "container",
      message,
      line,
      column: 1,
    }),
  );
  const circular = new Set<string>();
  for (const resolved of graph.cells.values()) {
    const { cell, analysis } = resolved;
    const { uses, declared } = usesOf(analysis);
    const add = (kind: Finding["kind"], message: string, at: Position | undefined): void => {
      const severity = kind === "varies" ? "warning" : "error";
      const where = filePosition(cell, at ?? { line: 1, column: 1 });
      findings.push({ severity, kind, message, cell: cell.id, ...where });
    };
    const error = errorOf(resolved);
    if (error) add("syntax", error.message, error.at);
    for (const { name, fault } of duplicatesOf(resolved, names)) {
      const at = declared.find((declaration) => declaration.name === name);
      add("duplicate", fault.message, at);
    }
    for (const { message, at } of misusesOf(resolved, names, builtins)) add("misuse", message, at);
    const cycle = circular.has(cell.id) ? undefined : shortestCycle(resolved, graph.cells);
    if (cycle) {
      for (const [, source] of cycle) circular.add(source);
      const at = analysis.references.find(({ name }) => name === cycle[0]![0]);
      add("cycle", circularMessage(cell.id, cycle), at);
    }
    const told = new Set<string>();
    for (const use of uses) {
      const [name] = use.path.split(".") as [string];
      if (!use.free || names.definerOf(name)) continue;
      const varies = varyingOf(use);
      if (varies) add("varies", varies, use);
      if (told.has(name) || isKnown(name, resolved, options, builtins)) continue;
      told.add(name);
      const where = cell.kind === "kernel" ? "Node" : "the browser";
      const message = `${name} is not defined: no cell declares it, and it is no builtin nor a global of ${where}`;
      add("undefined", message, use);
    }
  }
  return findings.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** Whether a name that no cell declares has a value, or is told of as a misuse. */
function isKnown(
  name: string,
  { cell }: ResolvedCell,
  { globals }: CheckOptions,
  builtins: Builtins,
): boolean {
  if (cell.kind !== "kernel") return builtins.browser.has(name) || globals.browser.has(name);
  return builtins.kernel.has(name) || builtins.browser.has(name) || globals.kernel.has(name);
}

/** Why the use gives another value at each run; undefined when it does not. */
function varyingOf({ path, how, count }: Use): string | undefined {
  const plain = path.replace(/^(?:globalThis|window|self)\./, "");
  if (plain === "Date" && ((how === "new" && count === 0) || how === "call")) {
    return `${how === "new" ? "new Date()" : "Date()"} is not the same twice: the value is another at each run`;
  }
  const why = Object.hasOwn(varying, plain) ? varying[plain] : undefined;
  return why && `${plain} is not the same twice: ${why}`;
}
