import { UsageError } from "../command.ts";
import type { Document } from "../documents/document.ts";
import { nearest } from "../nearest.ts";

/** Names of browser cells that kernel cells depend on, through any number of cells, in the order of the page. */
export function inputNames({ graph }: Pick<Document, "graph">): string[] {
  const names = new Set<string>();
  const kernel = [...graph.cells.values()].filter(({ cell }) => cell.kind === "kernel");
  const seen = new Set(kernel);
  for (const { sources } of seen) {
    for (const [name, source] of sources) {
      const definer = graph.cells.get(source)!;
      if (definer.cell.kind === "browser") names.add(name);
      seen.add(definer);
    }
  }
  const inOrder = [...graph.cells.values()].flatMap(({ outputs }) => outputs);
  return inOrder.filter((name) => names.has(name));
}

/**
 * Values given as `name=value`, each JSON or else text.
 *
 * @param names those there are; any when there is none to choose from
 * @throws {UsageError} for what is no such pair, a name that is none of `names`, or one given twice
 */
export function readGiven(
  pairs: readonly string[],
  names: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  const given = new Map<string, unknown>();
  for (const pair of pairs) {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || text === undefined) {
      throw new UsageError(`Cannot use --set ${pair}: expected NAME=VALUE`);
    }
    if (names && !names.includes(name)) {
      const meant = nearest(name, names);
      const expected =
        names.length === 0 ? "none, for there is no input" : `one of ${names.join(", ")}`;
      throw new UsageError(
        `Cannot set ${name}: expected ${expected}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      );
    }
    if (given.has(name)) throw new UsageError(`Cannot set ${name}: it is given twice`);
    given.set(name, jsonOrText(text));
  }
  return Object.fromEntries(given);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
