import { readAttributes, writeAttributes } from "./markdown/attributes.ts";
import { fenced, withoutBlankEnds } from "./markdown/fence.ts";
import { misreadOf } from "./markdown/misread.ts";
import { parse } from "./markdown/parse.ts";
import { serialise } from "./markdown/serialise.ts";
import { isForeign } from "./observable/modes.ts";
import { parseObservable } from "./observable/parse-observable.ts";
import { serialiseObservable } from "./observable/serialise-observable.ts";
import type { Cell, Workbook } from "./workbook.ts";

/** A workbook's text in another format, and what that does not hold. */
export interface Converted {
  readonly text: string;
  /** Sentences for the person: what was left out, and what means another thing there. */
  readonly notes: readonly string[];
}

/**
 * An Observable notebook in HTML as the text of a Markdown workbook. Cells keep their ids, languages and
 * attributes: those in a language that Simile does not run are fences of it with `{…}`, which
 * `markdownToObservable` makes cells of again, and so is Markdown that would be read as another cell.
 *
 * @throws {Error} when a cell cannot be said in Markdown
 */
export function observableToMarkdown(text: string): Converted {
  const { cells, title, summary, matter } = parseObservable(text);
  const notes: string[] = [];
  const written = cells.flatMap((cell) => markdownCell(cell, notes));
  if (comments(text)) notes.push("What stands between the cells is left out");
  const front = {
    title,
    summary,
    matter: { ...matter, ...(matter?.["title"] === "" && { title }) },
  };
  let meant = written;
  for (let more = written.length; more >= 0; more--) {
    const converted = serialise({ ...front, cells: meant });
    const misread = misreadOf(converted, meant);
    if (misread === undefined) return { text: converted, notes };
    const at = Math.min(misread, meant.length - 1);
    const cell = meant[at];
    if (cell?.kind !== "prose" || /^`{3,}md \{/.test(cell.source)) {
      throw new Error(
        `Cannot convert the cell #${cell?.id} of the notebook: its text would be read as another cell`,
      );
    }
    meant = meant.with(at, { ...cell, source: fenced(cell.source, "md {}") });
  }
  throw new Error("Cannot convert the notebook: its cells would be read as others");
}

function markdownCell({ layout: _, ...cell }: Cell, notes: string[]): Cell[] {
  const { kind, mode, id } = cell;
  const values = Object.entries(cell.attributes ?? {}).filter(([name, value]) => {
    const isKept = isWritable(name, value, kind === "prose" && mode === undefined);
    if (!isKept) notes.push(`The attribute ${name} of the cell #${id} is left out`);
    return isKept;
  });
  const attributes = Object.fromEntries(values);
  if (kind !== "prose") return [{ ...cell, attributes }];
  if (mode === undefined) {
    const source = withoutBlankEnds(cell.source);
    // A marker states attributes behind an id only.
    const { anonymous, ...stated } = cell;
    const named = values.length > 0 || !anonymous ? stated : cell;
    if (source !== "") return [{ ...named, source, attributes }];
    notes.push(`The cell #${id} is blank and left out`);
    return [];
  }
  const known = isForeign(mode);
  const words = writeAttributes({ values: known ? attributes : { type: mode, ...attributes } });
  const { mode: __, ...rest } = cell;
  const source = fenced(cell.source, `${known ? mode : "text"} {${words}}`);
  return [{ ...rest, attributes: {}, source }];
}

/** Whether braces, or a marker, can hold an attribute. */
function isWritable(name: string, value: string | true, isMarker: boolean): boolean {
  if (!/^[^\s"'#={}`>]+$/.test(name)) return false;
  if (value === true) return true;
  if (/[\n\r`]/.test(value) || (value.includes('"') && value.includes("'"))) return false;
  return !isMarker || !/>|--/.test(value);
}

/** Whether anything but white space stands between the cells of a notebook. */
function comments(text: string): boolean {
  const { cells, tail = "" } = parseObservable(text);
  const between = cells.map(({ layout }) => layout!.open.replace(/<script(?=[\s/>])[\s\S]*$/i, ""));
  return [...between, tail.replace(/<\/notebook\s*>/i, "")].some((part) => part.trim() !== "");
}

/** A fence that `observableToMarkdown` made of a cell, and nothing else. */
const foreign = /^(`{3,})([\w+-]+) \{(.*)\}\n([\s\S]*?)\n?\1$/;

/**
 * The text of a Markdown workbook as an Observable notebook in HTML, as Notebook Kit writes one. What that
 * has no place for (kernel cells, `run=`, other attributes and front matter) stands in attributes of ours,
 * which its tools do not know and leave out when they save.
 */
export function markdownToObservable(text: string): Converted {
  const workbook = parse(text);
  const notes: string[] = [];
  const cells = workbook.cells.map(({ layout: _, ...cell }) => {
    for (const name of Object.keys(cell.attributes ?? {})) {
      if (!/^[^\s"'<>/=A-Z]+$/.test(name) || name === "id" || name === "type") {
        notes.push(`The attribute ${name} of the cell #${cell.id} is left out`);
      }
    }
    return cell.kind === "prose" ? foreignCell(cell) : cell;
  });
  const kernel = cells.filter(({ kind }) => kind === "kernel").length;
  if (kernel > 0) {
    notes.push(
      `${kernel === 1 ? "1 cell is a kernel cell" : `${kernel} cells are kernel cells`}, which Observable's own tools would run in the page`,
    );
  }
  const { title, summary, matter } = workbook;
  const whole: Workbook = { title, summary, cells, ...(matter && { matter }) };
  return { text: serialiseObservable(whole), notes };
}

function foreignCell(cell: Cell): Cell {
  const [, ticks, language, inside, source] = foreign.exec(cell.source) ?? [];
  if (ticks === undefined || source === undefined || source.includes(ticks)) return cell;
  const { type, ...attributes } = readAttributes(inside!).values;
  if (language === "md") return { ...cell, source };
  if (language === "text" && typeof type === "string") {
    return { ...cell, mode: type, source, attributes };
  }
  return isForeign(language!)
    ? { ...cell, mode: language!, source, attributes: readAttributes(inside!).values }
    : cell;
}
