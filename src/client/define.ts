import type { CellDefinition } from "../protocol/index.ts";

/** A browser cell, ready to run in the page. */
export type BrowserCell = Extract<CellDefinition, { kind: "browser" }>;

/** A cell that runs in the kernel, as the page knows it. */
export type KernelCell = Extract<CellDefinition, { kind: "kernel" }>;

/**
 * A browser cell as a function: takes the values of `inputs` in order, resolves to the value of an
 * expression or to an object holding every name in `outputs`.
 */
export type CellFunction = (...inputs: readonly unknown[]) => unknown;

/** Names that every run of a cell gets anew; all other inputs are variables. */
export const runNames: readonly string[] = ["display", "view", "invalidation"];

/**
 * The calling convention of a browser cell's `body`.
 *
 * `body` is the body of an async function whose parameters are `inputs`, in order. Its first line is
 * not the person's, and their code starts on line 2 at column 1 with every position kept, so that an
 * error's position is theirs:
 *
 *     expression    "return (\n" + code + "\n)"
 *     program       "\n" + code + "\nreturn {a, b, c}"       with the names of `outputs`
 *
 * An expression cell shows its value unless it names `display` or `view`; a program cell shows what it
 * displays. Outputs that are promises are awaited for other cells, generators are iterated. A report
 * holds the same function written out: `async function (d3, matrix) { … }`.
 *
 * @throws {SyntaxError} when `body` is not the body of an async function
 */
export function cellFunction({ id, inputs, body }: BrowserCell): CellFunction {
  return new AsyncFunction(...inputs, `${body}\n//# sourceURL=${sourceUrl(id)}`);
}

/** Whether a cell's value is what it shows. */
export function showsValue({ expression, inputs }: BrowserCell): boolean {
  return expression && !inputs.includes("display") && !inputs.includes("view");
}

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => CellFunction;

const scheme = "simile-cell:";

function sourceUrl(id: string): string {
  return (
    scheme + encodeURIComponent(id).replace(/[()']/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
  );
}

/** A line of a stack: which cell, and where in its source. Innermost first. */
export interface StackPosition {
  readonly cell: string;
  readonly line: number;
  readonly column: number;
}

/** The frames of `error` that lie in cells, innermost first; nothing of ours or of the libraries. */
export function cellFrames(error: Error): StackPosition[] {
  const frames = framesOf(error.stack ?? "");
  if (frames.length === 0) return frames;
  const before = linesBefore();
  return frames.map((frame) => ({ ...frame, line: frame.line - before }));
}

function framesOf(stack: string): StackPosition[] {
  return Array.from(stack.matchAll(/simile-cell:([^\s:()]+):(\d+):(\d+)/g), (match) => ({
    cell: decodeURIComponent(match[1]!),
    line: Number(match[2]),
    column: Number(match[3]),
  }));
}

let knownLinesBefore: number | undefined;

/** Lines an engine counts before the person's first: found by asking it once, where a cell has run. */
function linesBefore(): number {
  if (knownLinesBefore === undefined) {
    const probe = new Function("a", `\nreturn new Error()\n//# sourceURL=${sourceUrl("probe")}`);
    const [frame] = framesOf((probe() as Error).stack ?? "");
    knownLinesBefore = (frame?.line ?? 4) - 1;
  }
  return knownLinesBefore;
}
