/**
 * A linear layer y = W x + b read from one named matrix. Names may hold `{n}` inside a repeat, where it
 * stands for the index 0, 1, 2, …
 */
export interface LinearRule {
  readonly kind: "linear";
  /** Name of W [out, in]. */
  readonly weight: string;
  /** Name of b [out]; taken when the checkpoint has it. */
  readonly bias?: string;
  /** True when the file stores W as [in, out]. Default false. */
  readonly transpose?: boolean;
  /** True leaves the layer out where the checkpoint has no tensor of that name. Default false. */
  readonly optional?: boolean;
}

/** Left and right weights in one tensor: its first half is left, its second half right. */
export interface PackedPair {
  readonly tensor: string;
  /** Axis that is halved: 0 splits [2m, in] (the default), 1 splits [in, 2m] together with `transpose`. */
  readonly axis?: 0 | 1;
  /** Name of the biases [2m], halved alike; taken when the checkpoint has it. */
  readonly bias?: string;
}

/** A bilinear layer residual · x + gain · (D((L x + bl) ⊙ (R x + br)) + bd) read from named tensors. */
export type BilinearRule = {
  readonly kind: "bilinear";
  /** Name of D [out, m]. */
  readonly down: string;
  readonly downBias?: string;
  /** True when the file stores every matrix of the layer as [in, out]. Default false. */
  readonly transpose?: boolean;
  /** Share of the input added to the output. Default 0; not 0 needs out = in. */
  readonly residual?: number;
  /** Factor of the bilinear branch. Default 1. */
  readonly gain?: number;
} & (
  | {
      /** Names of L and R [m, in]. */
      readonly left: string;
      readonly right: string;
      readonly leftBias?: string;
      readonly rightBias?: string;
    }
  | { readonly packed: PackedPair }
);

/** Layers that occur once for each n = 0, 1, 2, … found in the checkpoint, in that order. */
export interface Repeat {
  readonly repeat: readonly (LinearRule | BilinearRule)[];
}

/**
 * How named weights become a network, as data: nothing in it is run, so it can be kept in JSON. A
 * checkpoint fits when every tensor asked for is there in a shape that fits its neighbours and no tensor
 * is left over: a tensor nobody asked for would make the network another function.
 */
export interface Adapter {
  readonly name: string;
  /** One line for people who choose between adapters. */
  readonly summary?: string;
  /** Looks only at tensors whose names begin so, and takes it off them. Default none. */
  readonly prefix?: string;
  readonly layers: readonly (LinearRule | BilinearRule | Repeat)[];
  /** Names that may be left over; `*` stands for any run of characters. */
  readonly ignore?: readonly string[];
}

/** Thrown when weights do not fit an adapter, or a description is not an adapter. */
export class AdapterError extends Error {
  override readonly name = "AdapterError";
}
