import type { Cell, Workbook } from "../workbook.ts";
import { typeOf } from "./modes.ts";
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
  const { cells } = workbook;
  const front = workbook.front ?? writeFront(workbook);
  const newline = /\r\n|\n/.exec(front)?.[0] ?? "\n";
  const body = cells.map((cell, index) => writeCell(cell, newline, index === cells.length - 1));
  return front + body.join("") + (workbook.tail ?? `${newline}</notebook>${newline}`);
}

function writeCell(cell: Cell, newline: string, isLast: boolean): string {
  const { layout, source } = cell;
  if (!layout) return `${openingOf(cell, newline)}${encodeScript(source, newline)}</script>`;
  const isSame = layout.written?.source === source;
  const text = isSame ? layout.written!.text : encodeScript(source, newline);
  // A script that the file never closed would take in what comes after it.
  const close = layout.close === "" && !(isLast && isSame) ? "</script>" : layout.close;
  return layout.open + text + close;
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
