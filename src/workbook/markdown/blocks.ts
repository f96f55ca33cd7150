import { type Line, linesOf } from "../lines.ts";

/** A piece of a file's body, in order: where a code cell stands, or a marker that splits prose. */
export type Block =
  | {
      readonly kind: "cell";
      readonly language: string;
      /** Text between the braces of the fence. */
      readonly attributes: string;
      readonly start: number;
      /** Range of the lines between the fences. */
      readonly content: readonly [start: number, end: number];
      readonly end: number;
      readonly closed: boolean;
    }
  | {
      readonly kind: "marker";
      readonly attributes: string;
      readonly start: number;
      readonly end: number;
    }
  /** A fence that looks like a cell but is none; it stays prose. */
  | { readonly kind: "doubt"; readonly message: string; readonly start: number };

/** Languages of a code cell. */
const languages = new Set(["ts", "js", "typescript", "javascript", "mts", "mjs"]);

/** HTML blocks whose inside is not Markdown, by how they begin and end (CommonMark 4.6, 1 to 5). */
const raw: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![A-Z]/i, />/],
];

const marker = /^<!--[ \t]*cell(?:[ \t]+(#[^\s>]+(?:[ \t]+[^>]*?)?))?[ \t]*-->[ \t]*$/;
const opening = /^( {0,3})((?:[-+*]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)$/;
const braces = /^([\w+-]+)[ \t]*\{(.*)\}$/s;

/** Finds the code cells and markers of a body that begins at `from`. */
export function blocksOf(text: string, from: number): Block[] {
  const blocks: Block[] = [];
  const lines = linesOf(text, from);
  for (let at = 0; at < lines.length; at++) {
    const line = textOf(text, lines[at]!);
    const marked = marker.exec(line);
    if (marked) {
      const { start, next } = lines[at]!;
      blocks.push({ kind: "marker", attributes: marked[1] ?? "", start, end: next });
      continue;
    }
    const html = raw.find(([begin]) => begin.test(line));
    if (html) {
      while (at < lines.length && !html[1].test(textOf(text, lines[at]!))) at++;
      continue;
    }
    const fence = opening.exec(line);
    if (!fence || (fence[3]!.startsWith("`") && fence[4]!.includes("`"))) continue;
    const [, indent, bullet, ticks, rest] = fence;
    const inside = braces.exec(rest!.trim());
    const close = closingOf(text, lines, at, ticks!, bullet ? indent!.length + bullet.length : 0);
    const start = lines[at]!.start;
    const cell = inside && languages.has(inside[1]!.toLowerCase());
    if (cell && !indent && !bullet) {
      const first = lines[at]!.next;
      blocks.push({
        kind: "cell",
        language: inside[1]!,
        attributes: inside[2]!,
        start,
        content: [first, lines[close.line]?.start ?? text.length],
        end: lines[close.line]?.next ?? text.length,
        closed: close.closed,
      });
    } else if (inside) {
      blocks.push({ kind: "doubt", message: doubtOf(inside[1]!, Boolean(cell)), start });
    }
    at = close.closed ? close.line : close.line - 1;
  }
  return blocks;
}

/** The line that closes a fence; unclosed fences run to the end of their list item, or of the file. */
function closingOf(
  text: string,
  lines: readonly Line[],
  open: number,
  ticks: string,
  item: number,
): { line: number; closed: boolean } {
  const closing = new RegExp(
    `^${item > 0 ? "[ \\t]*" : " {0,3}"}${ticks[0]}{${ticks.length},}[ \\t]*$`,
  );
  for (let at = open + 1; at < lines.length; at++) {
    const line = textOf(text, lines[at]!);
    if (item > 0 && line.trim() !== "" && line.search(/[^ \t]/) < Math.min(item, 2)) {
      return { line: at, closed: false };
    }
    if (closing.test(line)) return { line: at, closed: true };
  }
  return { line: lines.length, closed: false };
}

function doubtOf(language: string, indented: boolean): string {
  return indented
    ? "This fence is text, not a cell: a cell's fence begins at the start of its line"
    : `This fence is text, not a cell: expected the language ts or js, found "${language}"`;
}

function textOf(text: string, line: Line): string {
  return text.slice(line.start, line.end);
}
