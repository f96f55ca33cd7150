import { randomBytes } from "node:crypto";
import { analyse } from "../../src/workbook/index.ts";
import { UsageError } from "../command.ts";
import { type CodeCell, codeCells, hasTag, type NotebookFile, sourceOf } from "./notebook-file.ts";

/** Tags by which papermill knows the cell of defaults, and the one it puts in after it. */
const [defaults, injected] = ["parameters", "injected-parameters"];

/** Names that a notebook declares as its parameters; undefined when no cell of it is tagged so. */
export async function parameterNames(
  file: Pick<NotebookFile, "cells">,
): Promise<readonly string[] | undefined> {
  const cell = codeCells(file).find((one) => hasTag(one, defaults));
  return cell && (await analyse(sourceOf(cell))).declarations;
}

/**
 * Puts a cell that declares `values` into a notebook, where and with the mark papermill would: in place
 * of the one that an earlier run put in, else after the cell tagged `parameters`, else first.
 *
 * @throws {UsageError} for a name that cannot be declared
 */
export function injectParameters(
  file: NotebookFile,
  values: Readonly<Record<string, unknown>>,
): void {
  const lines = Object.entries(values).map(([name, value]) => {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
      throw new UsageError(`Cannot set ${name}: expected a name that code can declare`);
    }
    return `let ${name} = ${JSON.stringify(value)};`;
  });
  const cell: CodeCell & { id?: string } = {
    cell_type: "code",
    execution_count: null,
    // Before 4.5 a cell has none.
    ...((file.nbformat > 4 || file.nbformat_minor >= 5) && { id: randomBytes(4).toString("hex") }),
    metadata: { tags: [injected] },
    outputs: [],
    source: ["// Parameters", ...lines].join("\n"),
  };
  const find = (tag: string) =>
    file.cells.findIndex((one) => one.cell_type === "code" && hasTag(one, tag));
  const earlier = find(injected);
  if (earlier >= 0) file.cells.splice(earlier, 1, cell);
  else file.cells.splice(find(defaults) + 1, 0, cell);
}
