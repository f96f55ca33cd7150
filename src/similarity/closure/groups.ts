import { looksAt } from "../../model/index.ts";
import type { AttentionShape } from "./attention-shape.ts";
import { placesOf, type Which } from "./blocks.ts";

/** Terms of one value: query and key positions of a and of b, and how often each target has them. */
export interface Group {
  readonly t: number;
  readonly u: number;
  readonly t2: number;
  readonly u2: number;
  readonly counts: Map<number, number>;
}

/**
 * The terms [t, u] of a and [t′, u′] of b that the masks let by. Where positions are independent and alike,
 * terms that differ by a shift are one group, for a score depends on t − u only. Where they have no means
 * either, only terms with an even number of legs at every position count. There are two at each query and
 * three at each key, so the keys are one position.
 */
export function groupsOf(
  a: AttentionShape,
  b: AttentionShape,
  n: number,
  which: Which,
): readonly Group[] {
  const alike = a.alike && b.alike;
  const centred = alike && !a.shifted && !b.shifted;
  const positions = Array.from({ length: n }, (_, position) => position);
  const groups = new Map<number, Group>();
  for (const [k, [t, t2]] of placesOf(which === "all" ? "all" : "same", n).entries()) {
    const target = which === "sum" ? 0 : k;
    for (const u of positions) {
      if (!looksAt(a.mask, t, u)) continue;
      for (const u2 of centred ? [u] : positions) {
        if (!looksAt(b.mask, t2, u2)) continue;
        const shift = alike ? t : 0;
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
  return [...groups.values()];
}
