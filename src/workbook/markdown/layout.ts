import { linesOf } from "../lines.ts";
import type { Cell, Layout, RunMode } from "../workbook.ts";
import { readAttributes, writeAttributes } from "./attributes.ts";

/** The line that opens a code cell, as the last of a layout's `open`. */
const fence = /(^|[\n\r])(`{3,}|~{3,})([^\n\r{]*)\{([^\n\r]*)\}([^\S\n\r]*)(\r\n|\n|\r|)$/;
const marker = /(^|[\n\r])<!--[ \t]*cell(?:[ \t]+#[^\n\r]*?)?[ \t]*-->[ \t]*(?=[\n\r]|$)/;

type Opening = [
  found: string,
  before: string,
  ticks: string,
  language: string,
  inside: string,
  after: string,
  terminator: string,
];

/**
 * The layout of a cell that was edited since it was read: the same where it still says the truth, mended
 * where not. Attributes that changed are written into the fence, the others left as they stand; a fence
 * grows longer than any inside the source. Undefined when nothing of it fits the cell any more.
 */
export function mendLayout(cell: Cell, layout: Layout, end: string): Layout | undefined {
  const opening = fence.exec(layout.open);
  if (cell.kind === "prose") return opening ? undefined : layout;
  if (!opening) return undefined;
  const [found, before, ticks, language, inside, after, terminator] = opening as unknown as Opening;
  const length = Math.max(ticks.length, longestFence(cell.source, ticks[0]!) + 1);
  const attributes = mendAttributes(inside, cell);
  const line = `${ticks[0]!.repeat(length)}${language}{${attributes}}${after}`;
  const isOpen = terminator !== "" || (cell.source === "" && layout.close === "");
  const start = layout.open.slice(0, layout.open.length - found.length);
  const open = start + before + line + (isOpen ? terminator : end);
  return { ...layout, open, close: mendClose(cell.source, layout.close, ticks, length, end) };
}

/** Whether a prose cell has its own mark in the file, without which it is one with the prose above. */
export function hasMarker({ open }: Layout): boolean {
  return marker.test(open);
}

/** What ends a cell that was never closed, once something comes after it. */
export function closing(cell: Cell, { open, close }: Layout, end: string): string {
  const ticks = fence.exec(open)?.[2];
  if (ticks === undefined || close !== "") return "";
  return `${/[\n\r]$/.test(open + cell.source) ? "" : end}${ticks}${end}`;
}

function mendClose(
  source: string,
  close: string,
  ticks: string,
  length: number,
  end: string,
): string {
  if (close === "") return close;
  const separated = source === "" || /^[\n\r]/.test(close) ? close : end + close;
  if (length === ticks.length) return separated;
  return separated.replace(/[`~]{3,}/, (found) =>
    found.length >= length ? found : ticks[0]!.repeat(length),
  );
}

/** Length of the longest line of `source` that would close a fence of this mark, 0 when there is none. */
function longestFence(source: string, mark: string): number {
  const pattern = new RegExp(`^ {0,3}(${mark}{3,})[ \\t]*$`);
  return linesOf(source).reduce((longest, { start, end }) => {
    const found = pattern.exec(source.slice(start, end));
    return Math.max(longest, found?.[1]?.length ?? 0);
  }, 0);
}

/** Attributes as the cell has them, written over those in the file, of which the same ones stay. */
function mendAttributes(text: string, { kind, run, attributes = {} }: Cell): string {
  const { values: read } = readAttributes(text);
  const wanted: Record<string, string | true | undefined> = {
    ...attributes,
    kernel: kind === "kernel" ? (read["kernel"] ?? true) : undefined,
    run: runModeOf(read["run"]) === run ? read["run"] : run === "live" ? undefined : run,
  };
  let mended = text;
  for (const key of new Set([...Object.keys(read), ...Object.keys(wanted)])) {
    const value = wanted[key];
    if (read[key] === value) continue;
    const word = value === undefined ? "" : writeAttributes({ values: { [key]: value } });
    mended = read[key] === undefined ? append(mended, word) : replaceWord(mended, key, word);
  }
  return mended;
}

/** What `run=` of a fence says; what it cannot say is live. */
function runModeOf(value: string | true | undefined): RunMode {
  return value === "demand" || value === "once" ? value : "live";
}

const words = /([ \t]*)(?:#[^\s"'#=]+|([^\s"'#=]+)(?:=(?:"[^"]*"|'[^']*'|[^\s"']*))?|\S)/g;

/** Puts `word` in the place of an attribute, and takes away what else is said of it. */
function replaceWord(text: string, key: string, word: string): string {
  let left = word;
  const replaced = text.replace(words, (found, space: string, name: string | undefined) => {
    if (name !== key) return found;
    const written = left;
    left = "";
    return written === "" ? "" : space + written;
  });
  return word === "" ? replaced.replace(/^[ \t]+/, /^[ \t]/.test(text) ? "$&" : "") : replaced;
}

function append(text: string, word: string): string {
  const body = text.replace(/[ \t]+$/, "");
  return `${body}${body === "" ? "" : " "}${word}${text.slice(body.length)}`;
}
