import {
  type MatrixNames,
  type MatrixPlace,
  type MatrixSize,
  type MatrixValues,
  placeText,
  plainPlaceText,
  steadyText,
} from "../../charts/index.ts";
import type { ChartTable } from "./chart-table.ts";

/** The matrix in rows, each with its name. */
export function tableOf(
  { data }: MatrixValues,
  { rows, columns }: MatrixSize,
  { x, y }: MatrixNames,
  label: string,
): ChartTable {
  const texts = Array.from({ length: columns }, (_, column) => plainPlaceText(x, column));
  return {
    caption: label,
    columns: [y.steps ? "step" : "row", ...texts],
    count: rows,
    row: (i) => [
      plainPlaceText(y, i),
      ...Array.from({ length: columns }, (_, column) => data[i * columns + column]!),
    ],
  };
}

/** The entry in words: what the numbers say, not what the picture shows. */
export function entryText(
  { data }: MatrixValues,
  { row, column }: MatrixPlace,
  { x, y }: MatrixNames,
  label: string,
): string {
  const value = steadyText(data[row * x.count + column]!);
  const kind = x.steps && y.steps ? "step " : "";
  return `${kind}${placeText(y, row)} × ${placeText(x, column)}   ${label} ${value}`;
}
