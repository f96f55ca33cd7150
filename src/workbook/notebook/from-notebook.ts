import { parse } from "../parse.ts";
import { serialise } from "../serialise.ts";
import type { Cell, CellKind, Layout, RunMode, Workbook } from "../workbook.ts";
import {
  isObject,
  type JsonObject,
  type Notebook,
  type NotebookCell,
  readNotebook,
} from "./notebook.ts";
import { isPlain } from "./tags.ts";

/** A workbook's text, and what of the notebook it does not hold. */
export interface FromNotebook {
  readonly text: string;
  /** Sentences for the person: what was left out. */
  readonly notes: readonly string[];
}

/**
 * A Jupyter notebook as the text of a workbook. Code cells are kernel cells, Markdown is prose; raw cells
 * that `toNotebook` wrote are browser cells again, others a fenced text. Outputs and counts of executions
 * are not kept, for a workbook's file holds none; blank Markdown is no cell. A notebook that `toNotebook`
 * wrote, and in which nothing was changed, gives the text it was written from, byte for byte.
 *
 * @throws {Error} when it is no such notebook, or a cell's text would be read as something else in a workbook
 */
export function fromNotebook(text: string): FromNotebook {
  const notebook = readNotebook(text);
  const notes: string[] = [];
  const drafts = draftsOf(notebook, notes);
  const kept = workbookOf(notebook, drafts);
  const written = serialise(kept);
  if (misreadOf(written, kept.cells) === undefined) return { text: written, notes };
  // Cells were edited, moved or changed their kind: fences and markers are written anew.
  const cells = kept.cells.map(({ layout: _, ...cell }) => cell);
  const anew = serialise({ ...kept, cells, tail: "" });
  const misread = misreadOf(anew, cells);
  if (misread === undefined) return { text: anew, notes };
  const { position } = drafts[Math.min(misread, drafts.length - 1)]!;
  throw new Error(
    `Cannot convert cell ${position} of the notebook: in a workbook its text would be read as another cell, or as the end of one`,
  );
}

interface Draft {
  readonly cell: Cell;
  /** 1-based, among the notebook's cells. */
  readonly position: number;
}

function draftsOf({ cells }: Notebook, notes: string[]): Draft[] {
  const ids = new Set(cells.map(({ id }) => id));
  let made = 0;
  const newId = (): string => {
    do made++;
    while (ids.has(`cell-${made}`));
    return `cell-${made}`;
  };
  return cells.flatMap((cell, index): Draft[] => {
    const position = index + 1;
    if (cell.hasAttachments) notes.push(`Cell ${position}: its attachments are left out`);
    const kind = kindOf(cell);
    const source = kind === "prose" ? proseOf(cell) : cell.source;
    if (kind === "prose" && source === "") return [];
    const told = isObject(cell.metadata["simile"]) ? cell.metadata["simile"] : {};
    const layout = layoutOf(told["layout"]);
    const id = textIn(told, "id") ?? cell.id ?? newId();
    const run = told["run"];
    return [
      {
        position,
        cell: {
          id,
          kind,
          source,
          line: 1,
          run: isRunMode(run) ? run : "live",
          attributes: attributesOf(told["attributes"], cell.metadata["tags"]),
          ...(told["anonymous"] === true && { anonymous: true }),
          ...(layout && { layout }),
        },
      },
    ];
  });
}

function kindOf({ type, metadata: { simile } }: NotebookCell): CellKind {
  if (type === "code") return "kernel";
  return type === "raw" && isObject(simile) && simile["kind"] === "browser" ? "browser" : "prose";
}

/** Text of prose: without blank lines around it; a raw cell's in a fence. */
function proseOf({ type, source }: NotebookCell): string {
  const text = source.replace(/^(?:[^\S\n\r]*(?:\r\n|\n|\r))+|(?:(?:\r\n|\n|\r)[^\S\n\r]*)+$/g, "");
  if (text.trim() === "") return "";
  if (type === "markdown") return text;
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function attributesOf(given: unknown, tags: unknown): Record<string, string | true> {
  const known = Object.entries(isObject(given) ? given : {}).filter(
    (entry): entry is [string, string | true] => typeof entry[1] === "string" || entry[1] === true,
  );
  const words = Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
  return Object.fromEntries([...known, ...(isPlain(words) ? [["tags", words.join(",")]] : [])]);
}

function workbookOf({ metadata }: Notebook, drafts: readonly Draft[]): Workbook {
  const told = isObject(metadata["simile"]) ? metadata["simile"] : {};
  const front = textIn(told, "front");
  const cells = drafts.map(({ cell }) => cell);
  const title = textIn(metadata, "title") ?? "";
  return {
    // A title that the file states is in its front; one that is a heading stays a heading.
    title: front === undefined ? title : "",
    summary: "",
    cells,
    ...(front !== undefined && { front }),
    tail: textIn(told, "tail") ?? "",
  };
}

/** Index of the first cell that `text` does not say as it is meant, undefined when it says them all. */
function misreadOf(text: string, meant: readonly Cell[]): number | undefined {
  const { cells } = parse(text);
  const wrong = meant.findIndex((cell, index) => !isSame(cell, cells[index]));
  if (wrong >= 0) return wrong;
  return cells.length === meant.length ? undefined : meant.length;
}

function isSame(meant: Cell, read: Cell | undefined): boolean {
  if (!read || meant.kind !== read.kind || meant.source !== read.source) return false;
  if (!meant.anonymous && meant.id !== read.id) return false;
  if (meant.kind === "prose") return true;
  return meant.run === read.run && signatureOf(meant) === signatureOf(read);
}

/** The attributes that have no place of their own. */
function signatureOf({ attributes = {} }: Cell): string {
  const { kernel: _, run: __, ...rest } = attributes;
  return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function layoutOf(value: unknown): Layout | undefined {
  if (!isObject(value)) return undefined;
  const [open, close] = [textIn(value, "open"), textIn(value, "close")];
  return open === undefined || close === undefined ? undefined : { open, close };
}

function textIn(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

function isRunMode(run: unknown): run is RunMode {
  return run === "live" || run === "demand" || run === "once";
}
