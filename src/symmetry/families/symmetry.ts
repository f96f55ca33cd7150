import type { BilinearLayer, Layer, Network } from "../../model/index.ts";
import { type Numbers, Random } from "../../tensor/index.ts";
import { rms } from "../magnitude.ts";

/** A way to change the weights of a network and not its function. */
export interface Symmetry {
  /**
   * S1 to S6 change hidden units of bilinear layers, S7 and S8 the wires between layers, S9 to S13 and
   * `diagonal` the heads of attention. Some families have more than one member.
   */
  readonly family: string;
  /** The function of this library that makes the change, e.g. `"permuteHidden"`. */
  readonly name: string;
  /** What is changed and how, as a phrase, e.g. `"hidden units of bilinear layers in another order"`. */
  readonly change: string;
  /** What a network must have, as a phrase. */
  readonly needs: string;
  /** False when there may be more weights after it, so that weights cannot be compared one by one. */
  readonly keepsShapes: boolean;
  /** True when the network has what it takes. */
  applies(network: Network): boolean;
  /**
   * The network changed at random wherever it can be; one seed is one change. A random order or mask of
   * few entries may be the one that changes nothing.
   *
   * @throws {RangeError} when it does not apply, or the seed is none
   */
  sample(network: Network, seed: number): Network;
}

/** A symmetry by the places where it acts, e.g. indices of layers. */
export interface PlacedSymmetry extends Omit<Symmetry, "applies" | "sample"> {
  places(network: Network): readonly number[];
  at(network: Network, place: number, random: Random): Network;
}

export function placed({ places, at, ...described }: PlacedSymmetry): Symmetry {
  return {
    ...described,
    applies: (network) => places(network).length > 0,
    sample(network, seed) {
      const found = places(network);
      if (found.length === 0) {
        throw new RangeError(
          `Cannot apply ${described.name} to a network: expected ${described.needs}, found none`,
        );
      }
      const random = new Random(seed);
      return found.reduce((changed, place) => at(changed, place, random), network);
    },
  };
}

/** Indices of the layers of a kind that fit. */
export function layersOf<Kind extends Layer["kind"]>(
  kind: Kind,
  fits: (layer: Extract<Layer, { kind: Kind }>, network: Network) => boolean = () => true,
): (network: Network) => number[] {
  return (network) =>
    network.layers.flatMap((layer, k) =>
      layer.kind === kind && fits(layer as Extract<Layer, { kind: Kind }>, network) ? [k] : [],
    );
}

/** A layer of a kind that a place is known to hold. */
export function bilinearAt({ layers }: Network, place: number): BilinearLayer {
  return layers[place] as BilinearLayer;
}

/** `length` normal entries, as large as those of the tensor are in the root of the mean square, else 1. */
export function like(data: Numbers, length: number, random: Random): Float64Array {
  const scale = rms(data) || 1;
  return Float64Array.from({ length }, () => scale * random.normal());
}
