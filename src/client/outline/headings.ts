import { isMadeId } from "../../editing/index.ts";
import type { EditedWorkbook } from "../../protocol/index.ts";

/** A place that an outline names: a heading of prose, or a cell of code that has a name. */
export interface OutlinePlace {
  readonly cell: string;
  readonly title: string;
  /** 1 for the highest headings; a cell stands below the heading above it. */
  readonly level: number;
  /** Which of the cell's headings it is, from 0; none for code. */
  readonly heading?: number;
}

/** The headings and named cells of a workbook, in page order. */
export function outlineOf({ cells }: EditedWorkbook): readonly OutlinePlace[] {
  const places: OutlinePlace[] = [];
  let level = 0;
  for (const { id, kind, source, anonymous } of cells) {
    if (kind !== "prose") {
      const title = nameOf(id, source);
      if (!anonymous && title) places.push({ cell: id, title, level: level + 1 });
      continue;
    }
    for (const [heading, found] of headingsOf(source).entries()) {
      level = found.level;
      places.push({ cell: id, ...found, heading });
    }
  }
  return places;
}

const declaration =
  /^(?:const|let|var|class|(?:async )?function\*?)\s+([\p{L}$_][\p{L}\p{N}$_]*)/mu;

/** A cell goes by the id that a person gave it, else by the first name it declares. */
function nameOf(id: string, source: string): string | undefined {
  return isMadeId(id) ? declaration.exec(source)?.[1] : id;
}

/** The headings of a Markdown text: lines after `#`, lines underlined, none of code. */
export function headingsOf(source: string): { readonly title: string; readonly level: number }[] {
  const headings: { title: string; level: number }[] = [];
  let fence: string | undefined;
  let paragraph: string[] = [];
  for (const line of source.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && /^\s*[`~]+\s*$/.test(line)) fence = undefined;
      continue;
    }
    const hashes = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line);
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line)?.[1];
    if (hashes) headings.push({ title: plain(hashes[2] ?? ""), level: hashes[1]!.length });
    else if (underline && paragraph.length > 0) {
      headings.push({ title: plain(paragraph.join(" ")), level: underline[0] === "=" ? 1 : 2 });
    } else if (mark) fence = mark;
    else if (line.trim() !== "" && !/^ {4}|^\s*([-*+>]|\d+[.)])\s/.test(line)) {
      paragraph.push(line.trim());
      continue;
    }
    paragraph = [];
  }
  return headings;
}

/** The words of a line of Markdown: no marks of emphasis or code, of links what is read. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|[*`])(.+?)\1/g, "$2")
    .replace(/\\([^A-Za-z0-9\s])/g, "$1")
    .trim();
}
