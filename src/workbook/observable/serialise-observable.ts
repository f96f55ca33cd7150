import type { Cell, Workbook } from "../workbook.ts";
import { typeOf } from "./modes.ts";
import { parseObservable } from "./parse-observable.ts";
import { encodeScript } from "./script-text.ts";
import { encodeText, encodeValue } from "./tags.ts";

/** Attributes of a cell in the order in which Notebook Kit writes them; others follow in their own. */
const ordered = ["pinned", "hidden", "database", "output", "format", "kernel", "run"];

/**
 * Writes a workbook as the HTML that `parseObservable` reads. What was parsed comes back byte for byte, and
 * of a cell whose source is another only what stands between its tags is written anew. A cell or a workbook
 * without layout is written as Notebook Kit writes it.
 */
export function serialiseObservable(workbook: Workbook): string {
  const { cells, matter, front } = workbook;
  const plain = write(workbook, front ?? writeFront(workbook), new Set());
  if (front === undefined) return plain;
  // What the file says of itself when only sources are put into it.
  const read = parseObservable(plain);
  const isRetitled = matter && !isSameMatter(read.matter ?? {}, matter);
  const mended = new Set(cells.filter((cell, index) => !isSame(read.cells[index], cell)));
  if (!isRetitled && mended.size === 0) return plain;
  return write(workbook, isRetitled ? mendFront(workbook, front) : front, mended);
}

/** @param mended cells whose tag in the file says something else than they are */
function write(workbook: Workbook, front: string, mended: ReadonlySet<Cell>): string {
  const { cells, tail } = workbook;
  const newline = /\r\n|\n/.exec(front)?.[0] ?? "\n";
  const body = cells.map((cell, index) =>
    writeCell(cell, newline, index === cells.length - 1, mended.has(cell)),
  );
  return front + body.join("") + (tail ?? `${newline}</notebook>${newline}`);
}

function writeCell(cell: Cell, newline: string, isLast: boolean, isMended: boolean): string {
  const { layout, source } = cell;
  if (!layout) return `${openingOf(cell, newline)}${encodeScript(source, newline)}</script>`;
  const isSource = layout.written?.source === source;
  const text = isSource ? layout.written!.text : encodeScript(source, newline);
  // A script that the file never closed would take in what comes after it.
  const close = layout.close === "" && !(isLast && isSource) ? "</script>" : layout.close;
  return (isMended ? mendOpen(cell, layout.open) : layout.open) + text + close;
}

/** A cell's opening as it was read, with another tag. */
function mendOpen(cell: Cell, open: string): string {
  const at = open.search(/<script(?![\s\S]*<script)/i);
  return at < 0 ? open : open.slice(0, at) + openingOf(cell, "").trimStart();
}

/** Whether a tag says what the cell is. */
function isSame(read: Cell | undefined, cell: Cell): boolean {
  if (!read || !cell.layout) return true;
  return (
    read.kind === cell.kind &&
    read.mode === cell.mode &&
    read.run === cell.run &&
    sorted(read.attributes) === sorted(cell.attributes)
  );
}

/** Attributes that have no place of their own, to be compared. */
function sorted(attributes: Cell["attributes"] = {}): string {
  const { kernel: _, run: __, ...rest } = attributes;
  return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The head as it was read with another title; written anew when something else of it is another. */
function mendFront(workbook: Workbook, front: string): string {
  const { title: before, ...read } = parseObservable(`${front}</notebook>`).matter ?? {};
  const { title, ...rest } = workbook.matter ?? {};
  if (!isSameMatter(read, rest)) return writeFront(workbook);
  const element = title === undefined ? "" : `<title>${encodeText(title)}</title>`;
  if (before === undefined) return `${front}\n  ${element}`;
  return front.replace(/<title[^>]*>[\s\S]*?<\/title\s*>/i, () => element);
}

function isSameMatter(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys({ ...a, ...b });
  return keys.every((key) => a[key] === b[key]);
}

function openingOf(cell: Cell, newline: string): string {
  const values = { ...cell.attributes };
  if (cell.kind === "kernel") values["kernel"] = true;
  if (cell.run !== "live") values["run"] = cell.run;
  const names = Object.keys(values).filter(isAttribute);
  const known = ordered.filter((name) => names.includes(name));
  const rest = names.filter((name) => !ordered.includes(name));
  const attributes: [string, string | true][] = [
    ...(cell.anonymous ? [] : [["id", cell.id] as [string, string]]),
    ["type", typeOf(cell)],
    ...[...known, ...rest].map((name) => [name, values[name]!] as [string, string | true]),
  ];
  return `${newline}  <script${written(attributes)}>`;
}

function writeFront({ title, summary, matter = {} }: Workbook): string {
  const values: Record<string, string> = { ...matter, ...(summary && { summary }) };
  const attributes: [string, string][] = [["theme", values["theme"] ?? "air"]];
  if (values["readonly"] !== undefined) attributes.push(["readonly", values["readonly"]]);
  const rest = Object.entries(values).filter(
    ([name]) => !["title", "theme", "readonly"].includes(name),
  );
  const lines = [
    "<!doctype html>",
    `<notebook${written(attributes)}>`,
    `  <title>${encodeText(values["title"] ?? title)}</title>`,
    ...rest.map(
      ([name, content]) =>
        `  <meta${written([
          ["name", name],
          ["content", content],
        ])}>`,
    ),
  ];
  return lines.join("\n");
}

function written(attributes: readonly (readonly [string, string | true])[]): string {
  return attributes
    .map(([name, value]) => ` ${name}="${value === true ? "" : encodeValue(value)}"`)
    .join("");
}

/** Whether a name can be an attribute's and is no other thing on a `<script>`. */
function isAttribute(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML admits none in a name
  return name !== "id" && name !== "type" && /^[^\s"'<>/=A-Z\0-\x1f\x7f]+$/.test(name);
}
