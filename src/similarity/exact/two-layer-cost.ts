import { dInOf, dOutOf, type Network, needsPadding } from "../../model/index.ts";

/** What the cost of exact products of two bilinear layers depends on. */
export interface TwoLayerSizes {
  /** Coordinates of the inputs: their number, or that of the directions the first layers read. */
  readonly inputs: number;
  /** Units of the first bilinear layer and of the second; where inputs are few, the first counts less. */
  readonly first: number;
  readonly second: number;
  readonly outputs: number;
  /** Whether the first layer has linear parts: biases, a residual, or inputs with a mean. */
  readonly linear: boolean;
}

/** Multiplications with an addition, and bytes. */
export interface ExactCost {
  readonly macs: number;
  /** What stays of a preparation; of a pair, what it needs for itself. */
  readonly bytes: number;
}

/** Fewer inputs than this are taken as they are: other coordinates would round what is exact as it stands. */
export const fewInputs = 16;

/**
 * The sizes of a network of two bilinear layers, from the shapes of its weights alone.
 *
 * @param directions - of the inputs, where a covariance has fewer than there are inputs
 */
export function twoLayerSizes(
  network: Network,
  { directions, mean = false }: { directions?: number | undefined; mean?: boolean } = {},
): TwoLayerSizes {
  const { layers } = network;
  const at = layers.findIndex(({ kind }) => kind === "bilinear");
  const bilinear = layers.filter((layer) => layer.kind === "bilinear");
  const [first, second] = [bilinear[0]!.left.shape[0], bilinear[1]!.left.shape[0]];
  const linear = mean || needsPadding(network);
  const all = directions ?? dInOf(layers[0]!);
  const read = 2 * first + (linear ? dOutOf(bilinear[0]!) : 0);
  const widths = layers.slice(0, at).map(dOutOf);
  const inputs = all <= fewInputs ? all : Math.min(all, read, ...widths);
  return {
    inputs,
    first: Math.min(first, triangle(inputs)),
    second,
    outputs: dOutOf(layers.at(-1)!),
    linear,
  };
}

/**
 * Once for a network of m₁ and m₂ units on d inputs and o outputs: m₂ (2 m₁ d² + d³ + o d²); what stays
 * are the forms M, N of m₂ units, twice where there are linear parts, and o forms of degree 2.
 */
export function preparationCost({
  inputs: d,
  first,
  second,
  outputs,
  linear,
}: TwoLayerSizes): ExactCost {
  const forms = 2 * second * d * d;
  return {
    macs: second * d * d * (2 * first + d + outputs),
    bytes: 8 * (forms * (linear ? 2 : 1) + outputs * d * d + (5 * second + 2 * d) * first),
  };
}

/** How the forms of one network are taken through the first layer of the other. */
export type Through = "forms" | "units";

/** What the traces of four forms take with m₂′ units of b, all m₁ and m₂ being of a. */
export function cyclesMacs(a: TwoLayerSizes, b: TwoLayerSizes, through: Through): number {
  const square = a.first ** 2;
  const strips = stripsOf(a.first);
  // Blocks on and above the diagonal: four of units where it is off it, three on it.
  const blocks = 2 + 1 / strips;
  const each =
    through === "forms"
      ? 2 * blocks * square * b.inputs + 4 * a.first * b.inputs ** 2
      : 4 * blocks * square * b.first;
  return b.second * (each + square * a.second);
}

/** Strips that the units of a first layer are cut into, so that what is symmetric is computed once. */
export function stripsOf(first: number): number {
  return Math.min(4, Math.max(1, Math.round(first / 128)));
}

/**
 * Once for a pair, whichever way round is cheaper: the traces of four forms, {@link cyclesMacs}, and of two,
 * 4 m₁ m₁′ d + 2 m₁′ m₂ (m₁ + 2 m₂′); with linear parts 8 m₂ m₂′ d² more.
 */
export function pairCost(a: TwoLayerSizes, b: TwoLayerSizes): ExactCost {
  const { macs } = cheapest(a, b);
  const d = Math.min(a.inputs, b.inputs);
  const traces = 4 * a.first * b.first * d + 2 * b.first * a.second * (a.first + 2 * b.second);
  const third = a.linear && b.linear ? 8 * a.second * b.second * d * d : 0;
  return {
    macs: macs + traces + third + a.outputs * (d * d + a.second * b.second),
    bytes: 8 * (10 * a.second * b.second + 16 * a.first ** 2),
  };
}

/** Which network's forms go through the units of the other, and how. */
export function cheapest(
  a: TwoLayerSizes,
  b: TwoLayerSizes,
): { readonly swapped: boolean; readonly through: Through; readonly macs: number } {
  const ways = [false, true].flatMap((swapped) =>
    (["forms", "units"] as const).map((through) => ({
      swapped,
      through,
      macs: swapped ? cyclesMacs(b, a, through) : cyclesMacs(a, b, through),
    })),
  );
  return ways.reduce((best, way) => (way.macs < best.macs ? way : best));
}

/** Entries of a symmetric matrix on and above the diagonal. */
export function triangle(size: number): number {
  return (size * (size + 1)) / 2;
}
