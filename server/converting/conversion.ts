import { extname } from "node:path";
import {
  type Converted,
  fromNotebook,
  markdownToObservable,
  observableToMarkdown,
  toNotebook,
  whyNoWorkbook,
} from "../../src/workbook/index.ts";
import { readDocument } from "../documents/document.ts";
import { notebookNotes } from "./notebook-notes.ts";
import type { KeptRun } from "./notebook-run.ts";

/** Formats of files that can be converted into each other, by the ending of their names. */
export type Convertible = ".md" | ".html" | ".ipynb";

/** The format of a file by its name, undefined when it is none that can be converted. */
export function convertibleOf(path: string): Convertible | undefined {
  const ending = extname(path).toLowerCase();
  return ending === ".md" || ending === ".html" || ending === ".ipynb" ? ending : undefined;
}

/**
 * The text of a file as a Markdown workbook: what every other format is converted through.
 *
 * @throws {Error} when the text is not in that format, or cannot be said in Markdown
 */
export function asMarkdown(format: Convertible, text: string, path: string): Converted {
  if (format === ".md") return { text, notes: [] };
  if (format === ".ipynb") return fromNotebook(text);
  const why = whyNoWorkbook(".html", text);
  if (why !== undefined) throw new Error(`Cannot convert ${path}: ${why}`);
  return observableToMarkdown(text);
}

/**
 * A Markdown workbook in another format.
 *
 * @param run of the workbook, whose outputs a Jupyter notebook keeps
 */
export async function fromMarkdown(
  format: Convertible,
  text: string,
  run?: KeptRun,
): Promise<Converted> {
  if (format === ".md") return { text, notes: [] };
  if (format === ".html") return markdownToObservable(text);
  const document = await readDocument({ path: ".md", text });
  const notes = notebookNotes(document, run !== undefined);
  return { text: toNotebook(text, run), notes: [...notes, ...(run?.notes ?? [])] };
}
