import { join } from "node:path";

/** What the name of a piece of code says of it. */
export interface CodeOrigin {
  readonly cell: string;
  /** Number of the run it was evaluated for. */
  readonly run: number;
}

/** Where this code lies, as a stack names it. */
const ownFolder = new URL(".", import.meta.url).href;

const pattern = /cell:([^#\s]+)#(\d+)/;

/**
 * The name under which the engine knows the code of one run: a file beside the workbook, so that
 * relative imports are resolved from there. No such file exists.
 */
export function codeName(directory: string, { cell, run }: CodeOrigin): string {
  return join(directory, `cell:${encodeURIComponent(cell)}#${run}`);
}

/** Whose code a file name, or a line of a stack, speaks of; undefined when of no cell's. */
export function codeOrigin(text: string): CodeOrigin | undefined {
  const [, encoded, run] = pattern.exec(text) ?? [];
  const cell = encoded === undefined ? undefined : decoded(encoded);
  return cell === undefined ? undefined : { cell, run: Number(run) };
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    // A text of somebody's own that only looks like a name.
    return undefined;
  }
}

/**
 * A text, such as a printed stack, with the names of code as a person knows them: `matrix:4:41`; the
 * kernel's own frames below them are left out.
 */
export function withoutCodeNames(text: string, directory: string): string {
  if (!text.includes("cell:")) return text;
  return text
    .split("\n")
    .filter((line) => !/^\s+at /.test(line) || !line.includes(ownFolder))
    .join("\n")
    .replaceAll(join(directory, "cell:"), "cell:")
    .replaceAll(new RegExp(pattern, "g"), (name) => codeOrigin(name)?.cell ?? name);
}
