import type { AcceptedEdit, EditedCell, EditedWorkbook } from "../../src/protocol/index.ts";

/**
 * What of an edited document is defined: a code cell has the source that was last applied, however it is
 * edited meanwhile; all else is as it is.
 */
export class Applied {
  readonly #sources = new Map<string, string>();

  constructor(content: EditedWorkbook) {
    this.apply(content);
  }

  /** Code cells are defined as they are now; all without `ids`. */
  apply({ cells }: EditedWorkbook, ids?: readonly string[]): void {
    const wanted = ids && new Set(ids);
    for (const { id, kind, source } of cells) {
      if (kind !== "prose" && (!wanted || wanted.has(id))) this.#sources.set(id, source);
    }
  }

  /**
   * Takes note of edits. Typing in code cells defines nothing; an edit of more than text defines the cells
   * it concerns, so that what was cut in two is not there twice.
   *
   * @param isWhole whether they define whatever they are
   * @returns whether the definitions may have changed
   */
  follow(content: EditedWorkbook, edits: readonly AcceptedEdit[], isWhole: boolean): boolean {
    const code = new Map(content.cells.map((cell) => [cell.id, cell]));
    let isChanged = false;
    for (const { operations } of edits) {
      const isText = operations.every(({ type }) => type === "text");
      const concerned = operations.flatMap((operation) => {
        if (operation.type === "matter") return [];
        return operation.type === "insert" ? [operation.cell.id] : [operation.cell ?? ""];
      });
      if (!isText || isWhole) {
        isChanged = true;
        this.apply(content, concerned);
      } else if (concerned.some((id) => code.get(id)?.kind === "prose")) isChanged = true;
    }
    for (const id of this.#sources.keys()) if (!code.has(id)) this.#sources.delete(id);
    return isChanged;
  }

  /** The document that is defined. */
  defined(content: EditedWorkbook): EditedWorkbook {
    return { ...content, cells: content.cells.map((cell) => this.#defined(cell)) };
  }

  #defined(cell: EditedCell): EditedCell {
    const source = cell.kind === "prose" ? undefined : this.#sources.get(cell.id);
    return source === undefined || source === cell.source ? cell : { ...cell, source };
  }
}
