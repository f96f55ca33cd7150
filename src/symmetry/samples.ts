import type { Network } from "../model/index.ts";
import { power, Random } from "../tensor/index.ts";
import { permuteHidden } from "./permute.ts";
import { rescaleHidden, type Scales } from "./rescale.ts";
import { swapSides } from "./swap-sides.ts";

/** A random order of 0 … count − 1, all equally likely, for {@link permuteHidden}. */
export function randomPermutation(count: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, h) => h);
  new Random(seed).shuffle(order);
  return order;
}

/**
 * Random factors ± e^(spread · n), n ~ N(0, 1), for {@link rescaleHidden}. Spread 0 only flips signs.
 *
 * @param spread - default 1
 */
export function randomScales(
  count: number,
  seed: number,
  spread: number = 1,
): Scales & { readonly left: Float64Array; readonly right: Float64Array } {
  const random = new Random(seed);
  const factor = () => {
    const sign = random.uniform() < 0.5 ? -1 : 1;
    return sign * power(Math.E, spread * random.normal());
  };
  return {
    left: Float64Array.from({ length: count }, factor),
    right: Float64Array.from({ length: count }, factor),
  };
}

/**
 * A random choice of units, each taken with probability `share`, for {@link swapSides}.
 *
 * @param share - default ½
 */
export function randomMask(count: number, seed: number, share: number = 0.5): boolean[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.uniform() < share);
}

/**
 * Another network of the same sizes and the same function: every bilinear layer's hidden units
 * permuted, rescaled and swapped at random.
 */
export function scramble(network: Network, seed: number): Network {
  const seeds = new Random(seed);
  let scrambled = network;
  for (const [index, layer] of network.layers.entries()) {
    if (layer.kind !== "bilinear") continue;
    const hidden = layer.left.shape[0];
    scrambled = permuteHidden(scrambled, randomPermutation(hidden, seeds.bits()), index);
    scrambled = rescaleHidden(scrambled, randomScales(hidden, seeds.bits()), index);
    scrambled = swapSides(scrambled, randomMask(hidden, seeds.bits()), index);
  }
  return scrambled;
}
