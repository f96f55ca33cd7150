import type { CellDefinition } from "../protocol/index.ts";
import { element } from "./element.ts";

/**
 * Names whose change would need the kernel, each with what would be computed again: everything kernel
 * cells read from the page, and what browser cells make that from.
 */
export function frozenInputs(
  cells: readonly CellDefinition[],
): ReadonlyMap<string, readonly string[]> {
  const frozen = new Map<string, Set<string>>();
  for (const cell of cells) {
    if (cell.kind !== "kernel") continue;
    const names = new Set(cell.browserInputs);
    for (const name of names) {
      const computed = cell.wanted.length > 0 ? cell.wanted : [cell.id];
      frozen.set(name, new Set([...(frozen.get(name) ?? []), ...computed]));
      for (const input of browserSources(name, cells)) names.add(input);
    }
  }
  return new Map([...frozen].map(([name, computed]) => [name, [...computed]]));
}

/** Names that the browser cell defining `name` reads from other browser cells. */
function browserSources(name: string, cells: readonly CellDefinition[]): readonly string[] {
  const definer = cells.find((cell) => cell.kind === "browser" && cell.outputs.includes(name));
  if (definer?.kind !== "browser") return [];
  return definer.inputs.filter((input) =>
    cells.some((cell) => cell.kind === "browser" && cell.outputs.includes(input)),
  );
}

/** Takes a view out of use and says why, once for all views of its cell that have the same reason. */
export function freeze(view: Element, computed: readonly string[], output: Element): void {
  const reason = `Needs the kernel: recomputes ${computed.join(", ")}. Open the workbook in Simile to change it`;
  const controls = "input, select, textarea, button";
  for (const control of [view, ...view.querySelectorAll(controls)]) {
    if (control.matches(controls)) control.setAttribute("disabled", "");
    control.setAttribute("title", reason);
  }
  view.setAttribute("aria-disabled", "true");
  const notes = Array.from(output.querySelectorAll(".frozen-note"), (note) => note.textContent);
  if (!notes.includes(reason))
    output.append(element("p", { class: "quiet-line frozen-note" }, reason));
}
