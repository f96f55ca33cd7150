import type { EditedCell } from "../../protocol/index.ts";

const type = "simile cells";

type CopiedCell = Omit<EditedCell, "id">;

/** Cells as a text that can be pasted anywhere: with what they are behind it, for another workbook. */
export function copiedText(cells: readonly EditedCell[]): string {
  const copied = cells.map(({ kind, mode, source, attributes }) => ({
    kind,
    ...(mode !== undefined && { mode }),
    source,
    attributes,
  }));
  return JSON.stringify({ [type]: copied });
}

/** What was copied of a workbook, here or in another tab; any other text is the source of one cell. */
export function cellsOf(text: string, kind: EditedCell["kind"]): readonly CopiedCell[] {
  try {
    const cells: unknown = JSON.parse(text)?.[type];
    if (Array.isArray(cells) && cells.every(isCopied)) return cells;
  } catch {
    // No cells: a text from somewhere else.
  }
  return text.trim() === "" ? [] : [{ kind, source: text, attributes: {} }];
}

function isCopied(value: unknown): value is CopiedCell {
  const { kind, source, attributes } = (value ?? {}) as Partial<CopiedCell>;
  const isKind = kind === "prose" || kind === "browser" || kind === "kernel";
  return isKind && typeof source === "string" && typeof attributes === "object";
}
