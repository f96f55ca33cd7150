import { matrix } from "../tensor/index.ts";
import { type Eigenpairs, upright } from "./decomposition.ts";

/** A symmetric tridiagonal matrix. */
interface Tridiagonal {
  /** [n] */
  readonly diagonal: Float64Array;
  /** [n − 1]: below it and above. */
  readonly beside: Float64Array;
}

/** A pivot below this is rounding, in a matrix whose eigenvalues are at most 1. */
const least = 2 ** -52;

/**
 * The eigenpairs of largest absolute value of a symmetric matrix, `count` of them or all: Householder's
 * tridiagonal form, bisection by Sturm's sequences from both ends, inverse iteration. About ⅔ n³
 * multiplications, a fifteenth of all pairs of {@link eigenpairs}.
 *
 * @param packed - [n (n + 1) / 2]: rows of the lower triangle; overwritten
 */
export function leadingEigenpairs(packed: Float64Array, n: number, count: number): Eigenpairs {
  const reflectors = reduce(packed, n);
  const { form, size } = tridiagonalOf(packed, n);
  const wanted = Math.min(count, n);
  const ends = new Set<number>();
  for (let k = 0; k < wanted; k++) ends.add(k).add(n - 1 - k);
  const values = [...ends]
    .map((index) => eigenvalue(form, index))
    .sort((x, y) => Math.abs(y) - Math.abs(x))
    .slice(0, wanted);
  const found: Float64Array[] = [];
  for (const [k, value] of values.entries()) {
    const near = found.filter((_, j) => Math.abs(values[j]! - value) <= 1e-3);
    found.push(eigenvector(form, value, near, k));
  }
  const vectors = matrix(wanted, n);
  for (const [k, vector] of found.entries()) {
    for (const reflector of reflectors.toReversed()) reflect(reflector, vector);
    vectors.data.set(upright(vector), k * n);
  }
  return { values: Float64Array.from(values, (value) => size * value), vectors };
}

/** I − factor · v vᵀ, where v is 0 up to `from`. */
interface Reflector {
  readonly from: number;
  readonly v: Float64Array;
  readonly factor: number;
}

function reflect({ from, v, factor }: Reflector, x: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < v.length; i++) dot += v[i]! * x[from + i]!;
  for (let i = 0; i < v.length; i++) x[from + i]! -= factor * dot * v[i]!;
}

/** Brings a packed matrix to tridiagonal form in place, column by column. */
function reduce(packed: Float64Array, n: number): Reflector[] {
  const at = (i: number, j: number) => (i * (i + 1)) / 2 + j;
  const reflectors: Reflector[] = [];
  for (let k = 0; k + 2 < n; k++) {
    const from = k + 1;
    const size = n - from;
    const v = new Float64Array(size);
    let largest = 0;
    for (let i = 0; i < size; i++) {
      v[i] = packed[at(from + i, k)]!;
      largest = Math.max(largest, Math.abs(v[i]!));
    }
    if (largest === 0) continue;
    let squares = 0;
    for (let i = 0; i < size; i++) {
      v[i]! /= largest;
      squares += v[i]! ** 2;
    }
    const length = v[0]! > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    const factor = 1 / (squares - v[0]! * length);
    v[0]! -= length;
    packed[at(from, k)] = largest * length;
    for (let i = 1; i < size; i++) packed[at(from + i, k)] = 0;
    turn(packed, from, v, factor);
    reflectors.push({ from, v, factor });
  }
  return reflectors;
}

/** A ↦ H A H for the rows and columns from `from` on, H = I − factor · v vᵀ. */
function turn(packed: Float64Array, from: number, v: Float64Array, factor: number): void {
  const size = v.length;
  const w = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = ((from + i) * (from + i + 1)) / 2 + from;
    const own = v[i]!;
    let sum = packed[row + i]! * own;
    for (let j = 0; j < i; j++) {
      const entry = packed[row + j]!;
      sum += entry * v[j]!;
      w[j]! += entry * own;
    }
    w[i]! += sum;
  }
  let dot = 0;
  for (let i = 0; i < size; i++) dot += w[i]! * v[i]!;
  for (let i = 0; i < size; i++) w[i] = factor * (w[i]! - (factor * dot * v[i]!) / 2);
  for (let i = 0; i < size; i++) {
    const row = ((from + i) * (from + i + 1)) / 2 + from;
    const [x, y] = [v[i]!, w[i]!];
    for (let j = 0; j <= i; j++) packed[row + j]! -= x * w[j]! + y * v[j]!;
  }
}

/** The tridiagonal form over a bound on its eigenvalues. */
function tridiagonalOf(
  packed: Float64Array,
  n: number,
): { readonly form: Tridiagonal; readonly size: number } {
  const diagonal = Float64Array.from({ length: n }, (_, i) => packed[(i * (i + 3)) / 2]!);
  const beside = Float64Array.from(
    { length: n - 1 },
    (_, i) => packed[((i + 1) * (i + 4)) / 2 - 1]!,
  );
  let size = 0;
  for (let i = 0; i < n; i++) {
    const around = Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0);
    size = Math.max(size, Math.abs(diagonal[i]!) + around);
  }
  const over = (entry: number) => entry / (size || 1);
  return { form: { diagonal: diagonal.map(over), beside: beside.map(over) }, size };
}

/** The eigenvalue with `index` others below it. */
function eigenvalue(form: Tridiagonal, index: number): number {
  let [low, high] = [-1, 1];
  for (let steps = 0; steps < 200; steps++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (below(form, middle) > index) high = middle;
    else low = middle;
  }
  return low + (high - low) / 2;
}

/** How many eigenvalues are below x: the negative pivots of T − x I. */
function below({ diagonal, beside }: Tridiagonal, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const off = i === 0 ? 0 : beside[i - 1]!;
    pivot = diagonal[i]! - x - (off * off) / pivot;
    if (Math.abs(pivot) < least) pivot = -least;
    if (pivot < 0) count++;
  }
  return count;
}

/** The unit vector of an eigenvalue that is orthogonal to `near`, those of eigenvalues close by. */
function eigenvector(
  form: Tridiagonal,
  value: number,
  near: readonly Float64Array[],
  seed: number,
): Float64Array {
  const n = form.diagonal.length;
  // Nothing special about it, so that no eigenvector is orthogonal to it.
  let x: Float64Array = Float64Array.from(
    { length: n },
    (_, i) => Math.sin(i * i + 1.7 * i + seed + 1) + 0.1,
  );
  for (let round = 0; round < 4; round++) {
    x = solved(form, value, x);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of near) {
        let dot = 0;
        for (let i = 0; i < n; i++) dot += x[i]! * other[i]!;
        for (let i = 0; i < n; i++) x[i]! -= dot * other[i]!;
      }
      const length = Math.sqrt(x.reduce((sum, entry) => sum + entry * entry, 0));
      for (let i = 0; i < n; i++) x[i]! /= length;
    }
  }
  return x;
}

/** x with (T − value I) x = b, by elimination with row exchanges; a pivot of 0 counts as rounding. */
function solved({ diagonal, beside }: Tridiagonal, value: number, b: Float64Array): Float64Array {
  const n = diagonal.length;
  const x = Float64Array.from(b);
  // Rows of the upper triangle: three entries from the diagonal on.
  const [first, second, third] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  let [here, next] = [diagonal[0]! - value, beside[0] ?? 0];
  for (let i = 0; i + 1 < n; i++) {
    const below = beside[i]!;
    const [diagonalBelow, nextBelow] = [diagonal[i + 1]! - value, beside[i + 1] ?? 0];
    if (Math.abs(below) > Math.abs(here)) {
      const factor = here / below;
      [first[i], second[i], third[i]] = [below, diagonalBelow, nextBelow];
      [x[i], x[i + 1]] = [x[i + 1]!, x[i]! - factor * x[i + 1]!];
      [here, next] = [next - factor * diagonalBelow, -factor * nextBelow];
    } else {
      if (Math.abs(here) < least) here = least;
      const factor = below / here;
      [first[i], second[i], third[i]] = [here, next, 0];
      x[i + 1]! -= factor * x[i]!;
      [here, next] = [diagonalBelow - factor * next, nextBelow];
    }
  }
  first[n - 1] = Math.abs(here) < least ? least : here;
  for (let i = n - 1; i >= 0; i--) {
    const after = second[i]! * (x[i + 1] ?? 0) + third[i]! * (x[i + 2] ?? 0);
    x[i] = (x[i]! - after) / first[i]!;
  }
  return x;
}
