import type { SimilarityMatrix } from "../../src/similarity/index.ts";

/** Signs of one number with its space. */
const cell = 7;
const longestLabel = 28;

/**
 * A matrix as a table that fits `width` signs: all rows and columns, or some of them evenly spread, the
 * first and the last among them. Columns are headed by training steps, else by positions from 0.
 */
export function matrixTable(
  matrix: SimilarityMatrix,
  labels: readonly string[],
  width: number,
): string {
  const n = matrix.shape[0];
  const names = labels.map((label) => shortened(label, longestLabel));
  const heads = Array.from({ length: n }, (_, i) => String(matrix.steps?.[i] ?? i));
  const wide = Math.max(cell, ...heads.map(({ length }) => length + 1));
  const margin = Math.max(...names.map(({ length }) => length)) + 5;
  const room = Math.max(2, Math.floor((width - margin) / wide));
  const shown = n <= room ? spread(n, n) : spread(n, room);
  const position = (i: number) => (matrix.steps ? "" : `${i}`.padStart(4));
  const lines = [
    " ".repeat(margin) + shown.map((j) => heads[j]!.padStart(wide)).join(""),
    ...shown.map(
      (i) =>
        (names[i]!.padEnd(margin - 4) + position(i)).padEnd(margin) +
        shown.map((j) => entry(matrix.data[i * n + j]!).padStart(wide)).join(""),
    ),
  ];
  if (shown.length < n) lines.push("", `${shown.length} of ${n} shown; -o FILE keeps all of them`);
  return lines.join("\n");
}

/** `count` of the positions 0 … n − 1, as even as whole numbers allow. */
function spread(n: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) =>
    Math.round((k * (n - 1)) / Math.max(1, count - 1)),
  );
}

function entry(value: number): string {
  if (Number.isNaN(value)) return "–";
  // A cosine that is not 1 is not to look like it.
  const rounded = value.toFixed(4);
  return rounded === "1.0000" && value < 1 - 1e-12 ? "<1" : rounded;
}

/** The end of a path says more than its beginning. */
function shortened(label: string, most: number): string {
  return label.length <= most ? label : `…${label.slice(label.length - most + 1)}`;
}
