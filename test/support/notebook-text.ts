import { fromNotebook } from "../../src/workbook/index.ts";

/** A cell as Jupyter has it. */
export interface JupyterCell {
  readonly cell_type: string;
  readonly id?: string;
  readonly metadata: Record<string, unknown>;
  readonly source: string | readonly string[];
}

/** A notebook as Jupyter has it. */
export interface Jupyter {
  readonly nbformat: number;
  readonly metadata: Record<string, unknown>;
  readonly cells: JupyterCell[];
}

/** Text of a notebook of these cells. */
export function notebook(cells: readonly object[], metadata: object = {}, nbformat = 4): string {
  return JSON.stringify({ cells, metadata, nbformat, nbformat_minor: 4 });
}

/** A notebook by its text. */
export const read = (text: string): Jupyter => JSON.parse(text) as Jupyter;
/** The workbook that a notebook is. */
export const md = (text: string): string => fromNotebook(text).text;
