import type { StandardForm } from "../model/index.ts";
import { type Matrix, matrix, scaled } from "../tensor/index.ts";

/** What changed in a hidden unit: one of its three vectors, or all of it. */
export type Changed = "left" | "right" | "down" | "unit";

/** A term s (l·x)(r·x) of the difference of two networks, and what it is counted under. */
export interface Source {
  readonly unit: number;
  readonly changed: Changed;
}

/** The difference of two networks as a form of its own, each hidden unit with its source. */
export interface Change extends StandardForm {
  readonly sources: readonly Source[];
}

/**
 * a − b with hidden unit h of one matched with hidden unit h of the other. With Δ the difference and a bar
 * the mean of the two, exactly
 *
 *     s_a l_a r_aᵀ − s_b l_b r_bᵀ = Δs ½(l_a r_aᵀ + l_b r_bᵀ) + s̄ Δl r̄ᵀ + s̄ l̄ Δrᵀ
 *
 * so what did not change is nowhere in it, and a small change is not the rest of two large numbers.
 */
export function matchedChange(a: StandardForm, b: StandardForm): Change {
  const half = scaled(differenceOf(a.down, b.down), 1 / 2);
  const mean = { left: meanOf(a.left, b.left), right: meanOf(a.right, b.right) };
  const down = meanOf(a.down, b.down);
  const groups: Group[] = [
    { changed: "down", left: a.left, right: a.right, down: half },
    { changed: "down", left: b.left, right: b.right, down: half },
    { changed: "left", left: differenceOf(a.left, b.left), right: mean.right, down },
    { changed: "right", left: mean.left, right: differenceOf(a.right, b.right), down },
  ];
  return joined(a, b, groups);
}

/** a − b with the hidden units of both, those of b after those of a. */
export function unmatchedChange(a: StandardForm, b: StandardForm): Change {
  return joined(a, b, [
    { changed: "unit", left: a.left, right: a.right, down: a.down },
    {
      changed: "unit",
      left: b.left,
      right: b.right,
      down: scaled(b.down, -1),
      from: a.left.shape[0],
    },
  ]);
}

/** Hidden units of one kind, the first of which belongs to unit `from`. */
interface Group extends Pick<StandardForm, "left" | "right" | "down"> {
  readonly changed: Changed;
  readonly from?: number;
}

function joined(a: StandardForm, b: StandardForm, groups: readonly Group[]): Change {
  const [dOut, dIn] = a.linear.shape;
  const hidden = groups.reduce((count, { left }) => count + left.shape[0], 0);
  const [left, right, down] = [matrix(hidden, dIn), matrix(hidden, dIn), matrix(dOut, hidden)];
  const sources: Source[] = [];
  for (const group of groups) {
    const first = sources.length;
    const count = group.left.shape[0];
    left.data.set(group.left.data, first * dIn);
    right.data.set(group.right.data, first * dIn);
    for (let h = 0; h < count; h++) {
      sources.push({ unit: (group.from ?? 0) + h, changed: group.changed });
      for (let o = 0; o < dOut; o++) {
        down.data[o * hidden + first + h] = group.down.data[o * count + h]!;
      }
    }
  }
  const constant = a.constant.map((entry, o) => entry - b.constant[o]!);
  return { constant, linear: differenceOf(a.linear, b.linear), left, right, down, sources };
}

function differenceOf(a: Matrix, b: Matrix): Matrix {
  return matrix(
    ...a.shape,
    Float64Array.from(a.data, (entry, at) => entry - b.data[at]!),
  );
}

function meanOf(a: Matrix, b: Matrix): Matrix {
  return matrix(
    ...a.shape,
    Float64Array.from(a.data, (entry, at) => (entry + b.data[at]!) / 2),
  );
}
