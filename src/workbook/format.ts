import { parse } from "./markdown/parse.ts";
import { serialise } from "./markdown/serialise.ts";
import { parseObservable } from "./observable/parse-observable.ts";
import { serialiseObservable } from "./observable/serialise-observable.ts";
import type { Workbook } from "./workbook.ts";

/** A kind of file that holds workbooks. */
export interface WorkbookFormat {
  /** How names of such files end. */
  readonly extension: string;
  /** What such a file is, for a sentence. */
  readonly name: string;
  /** Whether a file that begins with `head` is one; other files may have the same ending. */
  readonly holds: (head: string) => boolean;
  readonly parse: (text: string, previous?: Workbook) => Workbook;
  readonly serialise: (workbook: Workbook) => string;
}

/** The formats of workbooks that are opened, edited and saved in place. */
export const workbookFormats: readonly WorkbookFormat[] = [
  { extension: ".md", name: "Markdown", holds: () => true, parse, serialise },
  {
    extension: ".html",
    name: "Observable notebook",
    holds: (head) => notebook.test(head),
    parse: parseObservable,
    serialise: serialiseObservable,
  },
];

/** What names of workbooks end in, for a sentence. */
export const workbookEndings: string = workbookFormats
  .map(({ extension }) => extension)
  .join(" or ");

/** `<notebook>` before any other element of a page's body. A comment ends where it first can. */
const notebook =
  /^\ufeff?(?:\s|<!--(?:(?!-->)[\s\S])*-->|<!(?!--)[^>]*>|<\/?(?:html|head|body|meta)(?=[\s>])[^>]*>)*<notebook[\s>]/i;

/** Characters at the beginning of a file by which `holds` judges. */
export const headLength: number = 64 * 1024;

/** The format of the workbook at `path` by its ending; undefined when no workbook has such a name. */
export function formatOf(path: string): WorkbookFormat | undefined {
  return workbookFormats.find(({ extension }) => path.endsWith(extension));
}

/**
 * Reads the text of the workbook at `path`. Every text is a workbook: `serialiseWorkbook` gives back the
 * same bytes. Nothing is evaluated.
 *
 * @param previous the workbook before an edit: a cell without an id in the file keeps the one it had
 * @throws {Error} when `path` does not end as a workbook's name does
 */
export function parseWorkbook(path: string, text: string, previous?: Workbook): Workbook {
  return needed(path, "read").parse(text, previous);
}

/**
 * Writes a workbook as the text of the file at `path`. What was parsed of such a file comes back byte for
 * byte; layouts of a file of another format must be left out.
 *
 * @throws {Error} when `path` does not end as a workbook's name does
 */
export function serialiseWorkbook(path: string, workbook: Workbook): string {
  return needed(path, "write").serialise(workbook);
}

/** Why the file at `path` with this text is no workbook, undefined when it is one. */
export function whyNoWorkbook(path: string, text: string): string | undefined {
  const format = formatOf(path);
  if (!format) return `expected a name that ends in ${workbookEndings}`;
  return format.holds(text.slice(0, headLength)) ? undefined : `it is no ${format.name}`;
}

function needed(path: string, act: string): WorkbookFormat {
  const format = formatOf(path);
  if (format) return format;
  throw new Error(`Cannot ${act} ${path}: expected a name that ends in ${workbookEndings}`);
}
