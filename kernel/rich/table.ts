import { numberText } from "./numbers.ts";
import { escaped } from "./svg-text.ts";

const most = { rows: 20, columns: 12, characters: 80 } as const;

/**
 * Rows of one kind as a small HTML table: an array of objects, the first rows and columns of it.
 * Undefined when it is no such array. Getters are not called.
 */
export function tableHtml(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const rows = value.slice(0, most.rows) as readonly unknown[];
  if (!rows.every(isRow)) return undefined;
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  if (columns.size === 0) return undefined;
  const names = [...columns].slice(0, most.columns);
  const head = ["<th></th>", ...names.map((name) => headHtml(name, rows))].join("");
  const body = rows.map((row, index) => {
    const cells = names.map((name) => cellHtml(Object.getOwnPropertyDescriptor(row, name)));
    return `<tr><th>${index}</th>${cells.join("")}</tr>`;
  });
  const counted = `${value.length.toLocaleString("en")} ${value.length === 1 ? "row" : "rows"}`;
  const shown = value.length > most.rows ? `${counted}, the first ${most.rows}` : counted;
  const left = columns.size > names.length;
  const wide = left ? `, ${names.length} of ${columns.size.toLocaleString("en")} columns` : "";
  return `<table><caption>${shown}${wide}</caption><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

/** A column's name, on the side on which its first value is. */
function headHtml(name: string, rows: readonly object[]): string {
  const first = rows.find((row) => Object.hasOwn(row, name));
  const value: unknown = first && Object.getOwnPropertyDescriptor(first, name)?.value;
  const side = typeof value === "number" || typeof value === "bigint" ? "right" : "left";
  return `<th style="text-align:${side}">${escaped(name)}</th>`;
}

function isRow(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function cellHtml(property: PropertyDescriptor | undefined): string {
  if (!property) return "<td></td>";
  if (!("value" in property)) return "<td>…</td>";
  const value: unknown = property.value;
  if (typeof value === "number" || typeof value === "bigint") {
    return `<td style="text-align:right">${escaped(numberText(value))}</td>`;
  }
  const text =
    typeof value === "object" && value !== null && !(value instanceof Date)
      ? Array.isArray(value) || ArrayBuffer.isView(value)
        ? `${value.constructor.name}(${"length" in value ? value.length : value.byteLength})`
        : "{…}"
      : value instanceof Date && !Number.isNaN(value.getTime())
        ? value.toISOString()
        : String(value);
  const cut = text.length > most.characters ? `${text.slice(0, most.characters)}…` : text;
  return `<td style="text-align:left">${escaped(cut)}</td>`;
}
