import { element } from "../element.ts";
import { type DifferenceLine, lineDifference, type Piece } from "./line-difference.ts";

/** How a difference is laid out: one column, or what was beside what is now. */
export type Layout = "unified" | "beside";

const signs = { was: "−", now: "+" } as const;

/**
 * Two texts of a cell as a table of lines: what is in one only has a sign and a colour.
 *
 * @param label what the table is of, read aloud
 */
export function differenceView(
  label: string,
  was: string | null,
  now: string | null,
  layout: Layout,
): HTMLElement {
  const lines = lineDifference(was, now);
  const rows = layout === "unified" ? lines.map(unifiedRow) : besideRows(lines);
  const table = element(
    "table",
    { class: "difference", "data-layout": layout, "aria-label": label },
    element("tbody", {}, ...rows),
  );
  return element(
    "div",
    { class: "difference-box", tabindex: 0, role: "group", "aria-label": label },
    table,
  );
}

function unifiedRow(line: DifferenceLine): HTMLElement {
  if (line.kind === "gap") return gapRow(line.count, 4);
  if (line.kind === "same") {
    const [was, now] = [number(line.was), number(line.now)];
    return element(
      "tr",
      {},
      was,
      now,
      sign(undefined),
      text([{ text: line.text, isChanged: false }]),
    );
  }
  const numbers =
    line.kind === "was" ? [number(line.line), number()] : [number(), number(line.line)];
  const row = element("tr", {}, ...numbers, sign(line.kind), text(line.pieces));
  row.dataset["kind"] = line.kind;
  return row;
}

/** Lines that were beside lines that are, one after the other as far as there are two. */
function besideRows(lines: readonly DifferenceLine[]): HTMLElement[] {
  const rows: HTMLElement[] = [];
  const waiting: { was: HTMLElement[][]; now: HTMLElement[][] } = { was: [], now: [] };
  const flush = () => {
    const { was, now } = waiting;
    for (let at = 0; at < Math.max(was.length, now.length); at++) {
      rows.push(element("tr", {}, ...(was[at] ?? nothing()), ...(now[at] ?? nothing())));
    }
    waiting.was = [];
    waiting.now = [];
  };
  const half = (line: number, content: string) => [
    number(line),
    sign(undefined),
    text([{ text: content, isChanged: false }]),
  ];
  for (const line of lines) {
    if (line.kind === "gap") {
      flush();
      rows.push(gapRow(line.count, 6));
    } else if (line.kind === "same") {
      flush();
      rows.push(element("tr", {}, ...half(line.was, line.text), ...half(line.now, line.text)));
    } else {
      const { kind } = line;
      const cells = [number(line.line), sign(kind), text(line.pieces)];
      for (const cell of cells) cell.dataset["kind"] = kind;
      waiting[kind].push(cells);
    }
  }
  flush();
  return rows;
}

function nothing(): HTMLElement[] {
  return [element("td", { class: "nothing", colspan: 3 })];
}

function gapRow(count: number, columns: number): HTMLElement {
  const words = count === 1 ? "1 line as it was" : `${count} lines as they were`;
  return element("tr", { class: "gap" }, element("td", { colspan: columns }, words));
}

function number(line?: number): HTMLElement {
  return element("td", { class: "number" }, line === undefined ? "" : String(line));
}

function sign(kind: "was" | "now" | undefined): HTMLElement {
  return element("td", { class: "difference-sign" }, kind ? signs[kind] : "");
}

function text(pieces: readonly Piece[]): HTMLElement {
  const cell = element("td", { class: "text" });
  for (const piece of pieces) {
    cell.append(piece.isChanged ? element("mark", {}, piece.text) : piece.text);
  }
  return cell;
}
