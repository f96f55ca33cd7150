import type { AttentionLayer } from "../../src/model/index.ts";
import { matrix, Random } from "../../src/tensor/index.ts";

const random = new Random(7);
/** Normal entries of variance 1/columns. */
export const normal = (rows: number, columns: number) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal() / Math.sqrt(columns)),
  );

/** A layer of attention with normal entries. */
export function heads(
  [dIn, count, width, dOut]: readonly [number, number, number, number],
  settings: Partial<AttentionLayer> = {},
): AttentionLayer {
  const rows = count * width;
  return {
    kind: "attention",
    heads: count,
    query1: normal(rows, dIn),
    key1: normal(rows, dIn),
    query2: normal(rows, dIn),
    key2: normal(rows, dIn),
    value: normal(rows, dIn),
    output: normal(dOut, rows),
    ...settings,
  };
}
