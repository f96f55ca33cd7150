import { readNotebook } from "../../src/workbook/index.ts";
import type { Output } from "./outputs.ts";

/** A code cell of a notebook as its file has it. What is not named here is kept as it was. */
export interface CodeCell {
  cell_type: "code";
  source: string | readonly string[];
  metadata: Record<string, unknown>;
  outputs: readonly Output[];
  execution_count: number | null;
}

type Cell = CodeCell | { readonly cell_type: "markdown" | "raw" };

/** A notebook as its file has it. */
export interface NotebookFile {
  readonly cells: Cell[];
  readonly metadata: Record<string, unknown>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/**
 * A notebook to be executed.
 *
 * @throws {Error} when it is none of format 4, or one of another language than TypeScript or JavaScript
 */
export function readNotebookFile(text: string): NotebookFile {
  const { isRunnable, language } = readNotebook(text);
  if (!isRunnable) {
    throw new Error(
      `Cannot run the notebook: expected cells in TypeScript or JavaScript, found ${language}`,
    );
  }
  const file = JSON.parse(text.replace(/^\ufeff/, "")) as NotebookFile;
  return {
    ...file,
    metadata: { ...file.metadata },
    cells: file.cells.map((cell) =>
      cell.cell_type === "code" ? { ...cell, metadata: { ...cell.metadata } } : cell,
    ),
  };
}

/** As Jupyter writes it: an indentation of one, and a line's end at the end. */
export function notebookText(file: NotebookFile): string {
  return `${JSON.stringify(file, null, 1)}\n`;
}

export function codeCells({ cells }: Pick<NotebookFile, "cells">): CodeCell[] {
  return cells.filter((cell) => cell.cell_type === "code");
}

export function sourceOf({ source }: Pick<CodeCell, "source">): string {
  return typeof source === "string" ? source : source.join("");
}

export function hasTag({ metadata }: Pick<CodeCell, "metadata">, tag: string): boolean {
  const { tags } = metadata;
  return Array.isArray(tags) && tags.includes(tag);
}
