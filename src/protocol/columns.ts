import { isPlain, type Json, mark, type Packing } from "./json.ts";
import { type Step, transfer } from "./transfer.ts";

/** From this many entries on, numbers and rows travel as columns. */
export const many = 1_000;

/** A long array of numbers, as raw float64: exact for every number, NaN and −0 included. */
export function packNumbers(values: readonly unknown[], packer: Packing): Json | undefined {
  if (values.length < many) return undefined;
  for (const value of values) if (typeof value !== "number") return undefined;
  const buffer = Float64Array.from(values as readonly number[]);
  return { [mark]: "numbers", b: packer.bytes(buffer.buffer, 0, buffer.byteLength) };
}

/**
 * A long array of flat row objects that have the same keys in the same order, transposed: one column
 * a key. Undefined when the rows differ or hold anything but primitives; they then travel one by one.
 */
export function packRows(
  rows: readonly unknown[],
  packer: Packing,
  path: readonly Step[],
): Json | undefined {
  if (rows.length < many || !isRow(rows[0])) return undefined;
  const keys = Object.keys(rows[0]);
  if (keys.length === 0 || keys.includes("__proto__")) return undefined;
  for (const row of rows) if (!isRow(row) || !hasKeys(row, keys)) return undefined;
  const columns: Json[] = [];
  for (const key of keys) {
    const column = rows.map((row) => (row as Record<string, unknown>)[key]);
    if (!column.every(isFlat)) return undefined;
    columns.push(
      packNumbers(column, packer) ??
        column.map((value, index) => packer.pack(value, [...path, index, key])),
    );
  }
  return { [mark]: "rows", n: rows.length, k: keys, v: columns };
}

function isRow(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    isPlain(value) &&
    // Not a row but data that says how it travels.
    Reflect.get(value, transfer) === undefined
  );
}

function hasKeys(row: object, keys: readonly string[]): boolean {
  let index = 0;
  for (const key in row) if (key !== keys[index++]) return false;
  return index === keys.length;
}

function isFlat(value: unknown): boolean {
  return (typeof value !== "object" && typeof value !== "function") || value === null;
}
