import { element } from "../element.ts";

/** The numbers behind a chart, in rows. */
export interface ChartTable {
  /** What the rows are, for the caption. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly count: number;
  /** Row `index`: as many entries as columns; the first names the row. */
  row(index: number): readonly (string | number)[];
}

/** More than this is for a file, not for the eye. */
const mostRows = 500;
const mostColumns = 60;

/** The table as comma-separated values (RFC 4180), every number with all its digits. */
export function csvOf(table: ChartTable): string {
  const lines = [table.columns.map(quoted).join(",")];
  for (let i = 0; i < table.count; i++) lines.push(table.row(i).map(quoted).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** A number that is none is an empty field of CSV's: what reads the file then knows it is missing. */
function quoted(entry: string | number): string {
  if (typeof entry === "number") return Number.isNaN(entry) ? "" : String(entry);
  return /[",\r\n]/.test(entry) ? `"${entry.replaceAll('"', '""')}"` : entry;
}

/** The table as an element; of a large one its beginning, and it says so. */
export function tableElement(table: ChartTable, text: (value: number) => string): HTMLElement {
  const { columns, count } = table;
  const shown = { rows: Math.min(count, mostRows), columns: Math.min(columns.length, mostColumns) };
  const cell = (entry: string | number, place: number) => {
    const said = typeof entry === "number" ? text(entry) : entry;
    return place === 0 ? element("th", { scope: "row" }, said) : element("td", {}, said);
  };
  const body = Array.from({ length: shown.rows }, (_, i) =>
    element("tr", {}, ...table.row(i).slice(0, shown.columns).map(cell)),
  );
  const head = columns
    .slice(0, shown.columns)
    .map((column) => element("th", { scope: "col" }, column));
  return element(
    "div",
    { class: "chart-table", tabindex: 0, role: "region", "aria-label": table.caption },
    element(
      "table",
      {},
      element("caption", {}, `${table.caption}${partText(table, shown)}`),
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...body),
    ),
  );
}

function partText(
  { count, columns }: ChartTable,
  shown: { readonly rows: number; readonly columns: number },
): string {
  const parts = [
    shown.rows < count && `the first ${shown.rows} of ${count.toLocaleString("en")} rows`,
    shown.columns < columns.length &&
      `the first ${shown.columns} of ${columns.length.toLocaleString("en")} columns`,
  ].filter(Boolean);
  return parts.length > 0 ? ` (${parts.join(", ")}; all are in the CSV file)` : "";
}
