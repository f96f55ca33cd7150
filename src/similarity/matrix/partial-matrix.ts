import type { Grown } from "../sweep/collect.ts";
import type { SimilarityMatrix } from "./matrix.ts";

/** A similarity matrix of which some pairs may still be missing: NaN in `data` and `norms`. */
export interface PartialMatrix extends SimilarityMatrix {
  /** Networks whose pairs with each other are all there, ascending. */
  readonly complete: readonly number[];
}

/** Milliseconds between two deliveries within a stage, at least. */
const interval = 100;
/** Share of the time that deliveries may take. */
const share = 0.05;

/** Decides after each row whether what is there is delivered: each stage, and now and then between. */
export function deliveries(deliver: Grown): Grown {
  let [last, cost, delivered] = [performance.now(), 0, 0];
  return (gram, stage, effort) => {
    const now = performance.now();
    if (stage === delivered && now - last < Math.max(interval, cost / share)) return;
    delivered = stage;
    deliver(gram, stage, effort);
    last = performance.now();
    cost = last - now;
  };
}

/** The similarity matrix of the networks whose pairs are all there, by themselves: what can be drawn. */
export function completePart({ complete, ...matrix }: PartialMatrix): SimilarityMatrix {
  const n = matrix.shape[0];
  const { data, norms, steps, labels, undefinedAt } = matrix;
  return {
    ...matrix,
    shape: [complete.length, complete.length],
    data: Float64Array.from(complete.flatMap((i) => complete.map((j) => data[i * n + j]!))),
    norms: Float64Array.from(complete, (i) => norms[i]!),
    undefinedAt: complete.flatMap((i, place) => (undefinedAt.includes(i) ? [place] : [])),
    ...(steps && { steps: complete.map((i) => steps[i]!) }),
    ...(labels && { labels: complete.map((i) => labels[i]!) }),
  };
}
