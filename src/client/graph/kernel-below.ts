import type { CodeCell } from "./defined-cell.ts";

/**
 * The kernel cells among these, and those below them: what is below one that is not live stays as it is.
 *
 * @param cells all code cells, by id
 */
export function kernelBelow(
  ids: readonly string[],
  cells: ReadonlyMap<string, { readonly definition: CodeCell }>,
): ReadonlySet<string> {
  const found = new Set(ids.filter((id) => cells.get(id)?.definition.kind === "kernel"));
  const pending = new Set(found);
  for (const id of pending) {
    const { outputs } = cells.get(id)!.definition;
    for (const [other, { definition }] of cells) {
      if (definition.kind !== "kernel" || definition.error || found.has(other)) continue;
      if (!definition.inputs.some((name) => outputs.includes(name))) continue;
      found.add(other);
      if (definition.run === "live") pending.add(other);
    }
  }
  return found;
}
