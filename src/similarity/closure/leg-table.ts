import type { Turns } from "./turns.ts";

/**
 * The legs of one term s1·s2·v of an attention head in their order: q1, k1 (score 0), q2, k2 (score 1), v.
 * q1 and q2 are read at the query position, the others at the key position.
 */
export const legCount = 5;

/** A head of one network at a query and a key position. */
export interface Head {
  readonly width: number;
  readonly turns: Turns | undefined;
  readonly query: number;
  readonly key: number;
}

/** Where a table of legs is read from: entry [i, j] of two legs at `start + i · row + j · column`. */
export interface Source {
  readonly data: Float64Array;
  readonly row: number;
  readonly column: number;
  /** Of the legs numbered x and y. */
  start(x: number, y: number): number;
}

export function positionOf(head: Head, leg: number): number {
  return leg === 0 || leg === 2 ? head.query : head.key;
}

/** The leg at the other end of the score; v stays. */
export function hop(leg: number): number {
  return leg === 4 ? 4 : leg ^ 1;
}

/**
 * Writes the covariances of the legs of `head` with those of `other`, rotated, into a square table of
 * `size` columns from [row, column] on, each row under the other leg of its score: a path that comes to a
 * score by one leg leaves it by the other, so products of the table walk through scores.
 */
export function writeLegs(
  table: Float64Array,
  size: number,
  { head, row }: { head: Head; row: number },
  { head: other, row: column }: { head: Head; row: number },
  source: (s: number, t: number) => Source | undefined,
): void {
  for (let x = 0; x < legCount; x++) {
    const s = positionOf(head, x);
    const top = row + hop(x) * head.width;
    for (let y = 0; y < legCount; y++) {
      const t = positionOf(other, y);
      const from = source(s, t);
      const start = top * size + column + y * other.width;
      if (!from) {
        for (let i = 0; i < head.width; i++) {
          table.fill(0, start + i * size, start + i * size + other.width);
        }
        continue;
      }
      const first = from.start(x, y);
      for (let i = 0; i < head.width; i++) {
        for (let j = 0; j < other.width; j++) {
          table[start + i * size + j] = from.data[first + i * from.row + j * from.column]!;
        }
      }
      const [rows, columns] = [head.width, other.width];
      if (x < 4) head.turns?.turn(table, { start, stride: size, count: columns, step: 1 }, s);
      if (y < 4) other.turns?.turn(table, { start, stride: 1, count: rows, step: size }, t);
    }
  }
}

/** The means of the legs, rotated: from [5 · H · width] of all heads to [5 · width] of one at `to`. */
export function writeMeans(
  means: Float64Array,
  to: number,
  { head, index, heads }: { head: Head; index: number; heads: number },
  source: (position: number) => Float64Array,
): void {
  const { width } = head;
  for (let x = 0; x < legCount; x++) {
    const position = positionOf(head, x);
    const from = (x * heads + index) * width;
    const start = to + x * width;
    means.set(source(position).subarray(from, from + width), start);
    if (x < 4) head.turns?.turn(means, { start, stride: 1, count: 1, step: 0 }, position);
  }
}
