import { checkSimilarities, type Similarities } from "./similarities.ts";

/** A run of checkpoints, from index `first` to index `last`, both in it. */
export interface Segment {
  readonly first: number;
  readonly last: number;
  /** Training steps of the first and the last, when known. */
  readonly steps?: readonly [from: number, to: number];
}

/** A run cut into phases, see {@link segments}. */
export interface Segmentation {
  /** In order; together they are all checkpoints, each once. */
  readonly segments: readonly Segment[];
  /** Σ over segments of Σ (1 − S[i, j]) / 2 over all i, j in it. */
  readonly cost: number;
}

/**
 * The phases of a run: the cut of its checkpoints into `count` contiguous segments that are most alike
 * within, that is of least
 *
 *     Σ_segments Σ_{i, j in segment} (1 − S[i, j]) / 2
 *
 * by a dynamic programme over all cuts, exact, count · n² operations (arXiv 2605.15183). Among cuts of
 * equal cost the one whose last segment starts first, then the one before it, and so on. Where checkpoints
 * are dense in time, a phase has many: the cut depends on the schedule.
 *
 * @param similarities - [n, n], e.g. of `similarityMatrix`
 * @param count - 1 to n
 * @throws {ShapeError} when the matrix is not square
 * @throws {RangeError} when `count` is no such number, an entry is not finite, or the matrix is not symmetric
 */
export function segments(similarities: Similarities, count: number): Segmentation {
  const n = checkSimilarities(similarities, "segment a run");
  if (!Number.isInteger(count) || count < 1 || count > n) {
    throw new RangeError(
      `Cannot segment a run: expected 1 to ${n} segments of ${n} checkpoints, found ${count}`,
    );
  }
  const cost = costs(similarities, n);
  // best[i]: least cost of checkpoints 0 … i in as many segments as rounds so far.
  let best = Float64Array.from({ length: n }, (_, i) => cost(0, i));
  const starts: Uint32Array[] = [new Uint32Array(n)];
  for (let used = 2; used <= count; used++) {
    const next = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    const start = new Uint32Array(n);
    for (let i = used - 1; i < n; i++) {
      for (let j = used - 1; j <= i; j++) {
        const found = best[j - 1]! + cost(j, i);
        if (found >= next[i]!) continue;
        next[i] = found;
        start[i] = j;
      }
    }
    starts.push(start);
    best = next;
  }
  const found: Segment[] = [];
  for (let last = n - 1, used = count; used > 0; used--) {
    const first = starts[used - 1]![last]!;
    found.unshift(segment(first, last, similarities.steps));
    last = first - 1;
  }
  return { segments: found, cost: best[n - 1]! };
}

function segment(first: number, last: number, steps: readonly number[] | undefined): Segment {
  return { first, last, ...(steps && { steps: [steps[first]!, steps[last]!] }) };
}

/** Cost of a segment from sums over the squares [0, i)², so that each takes four numbers. */
function costs({ data }: Similarities, n: number): (first: number, last: number) => number {
  const width = n + 1;
  const sums = new Float64Array(width * width);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      sums[(i + 1) * width + j + 1] =
        (1 - data[i * n + j]!) / 2 +
        sums[i * width + j + 1]! +
        sums[(i + 1) * width + j]! -
        sums[i * width + j]!;
    }
  }
  return (first, last) =>
    sums[(last + 1) * width + last + 1]! -
    sums[first * width + last + 1]! -
    sums[(last + 1) * width + first]! +
    sums[first * width + first]!;
}
