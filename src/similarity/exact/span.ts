import { type Matrix, matrix } from "../../tensor/index.ts";

/** Rows written in an orthonormal basis of the space they span. */
export interface Span {
  /** [r, d]: orthonormal rows. */
  readonly basis: Matrix;
  /** [n, r]: the rows are coordinates · basis. */
  readonly coordinates: Matrix;
}

/** Part of a row that is rounding when nothing more is left of it. */
const rounding = 1e-14;

/**
 * An orthonormal basis of the rows of a matrix [n, d], and their coordinates in it: each row in turn gives
 * what is left of it once the directions before it are taken out, twice so that rounding leaves nothing of
 * them. 4 n r d operations.
 */
export async function spanOf(rows: Matrix, pause: () => Promise<void>): Promise<Span> {
  const [count, d] = rows.shape;
  const most = Math.min(count, d);
  const basis = new Float64Array(most * d);
  const coordinates = new Float64Array(count * most);
  let rank = 0;
  for (let n = 0; n < count; n++) {
    const rest = Float64Array.from(rows.data.subarray(n * d, (n + 1) * d));
    const size = norm(rest);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < rank; k++) {
        const dot = dotAt(basis, k * d, rest);
        coordinates[n * most + k]! += dot;
        for (let i = 0; i < d; i++) rest[i]! -= dot * basis[k * d + i]!;
      }
    }
    const left = norm(rest);
    if (rank < most && left > rounding * size) {
      for (let i = 0; i < d; i++) basis[rank * d + i] = rest[i]! / left;
      coordinates[n * most + rank] = left;
      rank++;
    }
    await pause();
  }
  // A network that reads nothing still has one coordinate.
  const kept = Math.max(rank, 1);
  const narrow = matrix(count, kept);
  for (let n = 0; n < count; n++) {
    narrow.data.set(coordinates.subarray(n * most, n * most + kept), n * kept);
  }
  return { basis: matrix(kept, d, basis.subarray(0, kept * d)), coordinates: narrow };
}

function dotAt(table: Float64Array, from: number, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += table[from + i]! * x[i]!;
  return sum;
}

/** Euclidean, of rows of any size. */
function norm(x: Float64Array): number {
  let largest = 0;
  for (const entry of x) largest = Math.max(largest, Math.abs(entry));
  if (largest === 0) return 0;
  let squares = 0;
  for (const entry of x) squares += (entry / largest) ** 2;
  return largest * Math.sqrt(squares);
}
