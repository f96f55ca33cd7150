import type { BilinearLayer, Network } from "../../model/index.ts";
import { identity, Random } from "../../tensor/index.ts";
import { columnsOf, rowsOf } from "../blocks.ts";
import { checkQuartic, type Quartic, randomQuartic } from "./quartic.ts";

/**
 * Two networks of two bilinear layers that are one function, f = Σ down (p·x)(q·x)(r·x)(s·x), though no
 * change of single layers and wires turns one into the other: the first layer gives the numbers
 *
 *     a   (p·x)(q·x), (r·x)(s·x) of each term        b   (p·x)(r·x), (q·x)(s·x)
 *
 * and the second multiplies the two. What is exact finds them equal; `recursion` and `closure` do not. The
 * term x₀ x₀ x₁ x₁ is x₀² · x₁² and x₀x₁ · x₀x₁, of recursion cosine 0 and closure cosine 1/√27.
 *
 * @throws {RangeError} when there is no term, or terms differ in size
 */
export function regroupedPair(terms: readonly Quartic[]): readonly [a: Network, b: Network] {
  const [first] = terms;
  if (!first) {
    throw new RangeError("Cannot make a regrouped pair: expected at least 1 term, found none");
  }
  const [dIn, dOut] = [first.factors[0].length, first.down.length];
  for (const term of terms) checkQuartic("make a regrouped pair", term, dIn, dOut);
  return [
    multiplied(terms, ({ factors: [p, q, r, s] }) => [p, q, r, s]),
    multiplied(terms, ({ factors: [p, q, r, s] }) => [p, r, q, s]),
  ];
}

/** Sizes of a random pair and its seed. */
export interface RandomRegroupedPair {
  readonly dIn: number;
  readonly dOut: number;
  readonly terms: number;
  readonly seed: number;
}

/**
 * A {@link regroupedPair} of independent normal factors of variance 1/dIn and downs of variance 1/terms.
 * Throws as {@link regroupedPair}.
 */
export function randomRegroupedPair(sizes: RandomRegroupedPair): readonly [a: Network, b: Network] {
  const { dIn, dOut, terms, seed } = sizes;
  const random = new Random(seed);
  const size = 1 / Math.sqrt(terms);
  return regroupedPair(Array.from({ length: terms }, () => randomQuartic(random, dIn, dOut, size)));
}

type Four = readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];

/** Σ down (f₀·x f₁·x)(f₂·x f₃·x), f the factors of a term in some order. */
function multiplied(terms: readonly Quartic[], order: (term: Quartic) => Four): Network {
  const factors = terms.map(order);
  const one = identity(2 * terms.length);
  const row = (place: number) =>
    one.data.subarray(place * one.shape[0], (place + 1) * one.shape[0]);
  const inner: BilinearLayer = {
    kind: "bilinear",
    left: rowsOf(factors.flatMap((f) => [f[0], f[2]])),
    right: rowsOf(factors.flatMap((f) => [f[1], f[3]])),
    down: one,
  };
  const outer: BilinearLayer = {
    kind: "bilinear",
    left: rowsOf(terms.map((_, k) => row(2 * k))),
    right: rowsOf(terms.map((_, k) => row(2 * k + 1))),
    down: columnsOf(terms.map(({ down }) => down)),
  };
  return { layers: [inner, outer] };
}
