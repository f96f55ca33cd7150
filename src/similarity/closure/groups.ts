import type { AttentionTrace } from "./attention.ts";
import { type Blocks, placesOf, type Which } from "./blocks.ts";

/** Terms of one value: query and key positions of a and of b, and how often each target has them. */
export interface Group {
  readonly t: number;
  readonly u: number;
  readonly t2: number;
  readonly u2: number;
  readonly counts: Map<number, number>;
}

/**
 * The terms [t, u] of a and [t′, u′] of b that the masks let by. Where nothing depends on positions but
 * through their differences (a score does not), terms that differ by a shift are one group. Where
 * positions are independent of mean 0, only terms with an even number of legs at every position count.
 * There are two at each query and three at each key, so the keys are one position.
 */
export function groupsOf(
  a: AttentionTrace,
  b: AttentionTrace,
  c: Blocks,
  which: Which,
): Iterable<Group> {
  const n = c.positions;
  const steady = a.steady && b.steady && c.steady;
  const centred = !a.legMeans && !b.legMeans && a.apart && b.apart && c.apart;
  const groups = new Map<number, Group>();
  for (const [k, [t, t2]] of placesOf(which === "all" ? "all" : "same", n).entries()) {
    const target = which === "sum" ? 0 : k;
    for (let u = 0; u < n; u++) {
      if (!a.looksAt(t, u)) continue;
      for (let u2 = 0; u2 < n; u2++) {
        if (!b.looksAt(t2, u2) || (centred && u !== u2)) continue;
        const shift = steady ? t : 0;
        const side = 2 * n;
        const key =
          (((t - shift + n) * side + (u - shift + n)) * side + (t2 - shift + n)) * side +
          (u2 - shift + n);
        const group = groups.get(key) ?? { t, u, t2, u2, counts: new Map() };
        groups.set(key, group);
        group.counts.set(target, (group.counts.get(target) ?? 0) + 1);
      }
    }
  }
  return groups.values();
}
