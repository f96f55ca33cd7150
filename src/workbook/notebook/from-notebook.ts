import { fenced, withoutBlankEnds } from "../markdown/fence.ts";
import { misreadOf } from "../markdown/misread.ts";
import { serialise } from "../markdown/serialise.ts";
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
 * A Jupyter notebook as the text of a workbook. Code cells are kernel cells, or a fenced text when they are
 * in another language than TypeScript or JavaScript; Markdown is prose, its attached images written into it;
 * raw cells that `toNotebook` wrote are browser cells again, others a fenced text. Outputs and counts of
 * executions are not kept, for a workbook's file holds none; blank Markdown is no cell. A notebook that
 * `toNotebook` wrote, and in which nothing was changed, gives the text it was written from, byte for byte.
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

function draftsOf({ cells, language, isRunnable }: Notebook, notes: string[]): Draft[] {
  const ids = new Set(cells.map(({ id }) => id));
  let made = 0;
  const newId = (): string => {
    do made++;
    while (ids.has(`cell-${made}`));
    return `cell-${made}`;
  };
  const outputs = cells.filter(({ hasOutputs }) => hasOutputs).length;
  if (outputs > 0) {
    notes.push(
      `The outputs of ${count(outputs, "cell")} are left out: a workbook's file holds none`,
    );
  }
  const code = isRunnable ? 0 : cells.filter(({ type }) => type === "code").length;
  if (code > 0) {
    const are = code === 1 ? "is" : "are";
    notes.push(`${count(code, "cell")} in ${language} ${are} text in the workbook, and not run`);
  }
  return cells.flatMap((cell, index): Draft[] => {
    if (roleOf(cell) === "inputs") return [];
    const position = index + 1;
    const kind = kindOf(cell, isRunnable);
    const source = kind === "prose" ? proseOf(cell, language) : cell.source;
    const isLost = [...cell.attachments.values()].some((address) => !source.includes(address));
    if (isLost || cell.otherAttachments.length > 0) {
      notes.push(`Cell ${position}: its attachments are left out`);
    }
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
          ...(told["mode"] === "js" && kind !== "prose" && { mode: "js" }),
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

function kindOf(cell: NotebookCell, isRunnable: boolean): CellKind {
  if (cell.type === "code") return isRunnable ? "kernel" : "prose";
  return cell.type === "raw" && roleOf(cell) === "browser" ? "browser" : "prose";
}

/** What `toNotebook` wrote the cell as. */
function roleOf({ metadata: { simile } }: NotebookCell): unknown {
  return isObject(simile) ? simile["kind"] : undefined;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Text of prose: without blank lines around it; what is no Markdown in a fence. */
function proseOf({ type, source, attachments }: NotebookCell, language: string): string {
  const text = withoutBlankEnds(source);
  if (text === "") return "";
  if (type !== "markdown") return fenced(text, type === "code" ? language : "");
  return text.replace(/attachment:([^\s)"'>]+)/g, (reference, name: string) => {
    return attachments.get(decoded(name)) ?? reference;
  });
}

/** A name as a reference has it, where spaces are `%20`. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
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
