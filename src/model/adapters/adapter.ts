import type { Given, Settings } from "./settings.ts";

/** A tensor's name, or several of which the first that the checkpoint has is read. */
export type Names = string | readonly string[];

/**
 * A linear layer y = W x + b read from one named matrix. Names may hold `{n}` inside a repeat, where it
 * stands for the index 0, 1, 2, …
 */
export interface LinearRule {
  readonly kind: "linear";
  /** Name of W [out, in]. */
  readonly weight: Names;
  /** Name of b [out]; taken when the checkpoint has it. */
  readonly bias?: Names;
  /** True when the file stores W as [in, out], as a table of embeddings is. Default false. */
  readonly transpose?: boolean;
  /** True leaves the layer out where the checkpoint has no tensor of that name. Default false. */
  readonly optional?: boolean;
  /**
   * Name of the embedding [in, out] that is W where the checkpoint has no tensor `weight` and the setting
   * `tied` is true; where it is false there is no such layer.
   */
  readonly tied?: Names;
}

/** Left and right weights in one tensor: its first half is left, its second half right. */
export interface PackedPair {
  readonly tensor: Names;
  /** Axis that is halved: 0 splits [2m, in] (the default), 1 splits [in, 2m] together with `transpose`. */
  readonly axis?: 0 | 1;
  /** Name of the biases [2m], halved alike; taken when the checkpoint has it. */
  readonly bias?: Names;
}

/** A bilinear layer residual · x + gain · (D((L x + bl) ⊙ (R x + br)) + bd) read from named tensors. */
export type BilinearRule = {
  readonly kind: "bilinear";
  /** Name of D [out, m]. */
  readonly down: Names;
  readonly downBias?: Names;
  /** True when the file stores every matrix of the layer as [in, out]. Default false. */
  readonly transpose?: boolean;
  /** Share of the input added to the output. Default 0; not 0 needs out = in. */
  readonly residual?: Given<"residual" | "mlpResidual">;
  /** Factor of the bilinear branch. Default 1. */
  readonly gain?: Given<"gain" | "mlpGain">;
  /** True leaves the layer out where the checkpoint has none of its matrices. Default false. */
  readonly optional?: boolean;
} & (
  | {
      /** Names of L and R [m, in]. */
      readonly left: Names;
      readonly right: Names;
      readonly leftBias?: Names;
      readonly rightBias?: Names;
    }
  | { readonly packed: PackedPair }
);

/**
 * An attention layer without softmax, see {@link AttentionLayer}, read from named tensors. What the tensors
 * do not hold is a value here or, where it is left out, the setting of the same name: heads, mask,
 * rotaryBase, residual, gain.
 */
export type AttentionRule = {
  readonly kind: "attention";
  /** Name of V [H · dh, in]. */
  readonly value: Names;
  /** Name of O [out, H · dh]. */
  readonly output: Names;
  /** True when the file stores every matrix of the layer as [in, out]. Default false. */
  readonly transpose?: boolean;
  readonly heads?: Given<"heads">;
  readonly mask?: Given<"mask">;
  readonly rotaryBase?: Given<"rotaryBase">;
  readonly residual?: Given<"residual">;
  readonly gain?: Given<"gain">;
} & (
  | {
      /** Names of the two queries and keys [H · dh, in]; biases [H · dh] are taken when there. */
      readonly query1: Names;
      readonly key1: Names;
      readonly query2: Names;
      readonly key2: Names;
      readonly query1Bias?: Names;
      readonly key1Bias?: Names;
      readonly query2Bias?: Names;
      readonly key2Bias?: Names;
    }
  | {
      /** Quadratic attention: one query and key, whose score is squared. */
      readonly query: Names;
      readonly key: Names;
      readonly queryBias?: Names;
      readonly keyBias?: Names;
    }
);

/** A layer read from named tensors. */
export type Rule = LinearRule | BilinearRule | AttentionRule;

/** Layers that occur once for each n = 0, 1, 2, … found in the checkpoint, in that order. */
export interface Repeat {
  readonly repeat: readonly Rule[];
}

/** One of Simile's adapters by its name, with settings of one's own: a description for `userAdapter`. */
export interface AdapterLike {
  readonly name: string;
  readonly like: string;
  readonly summary?: string;
  readonly settings?: Settings;
}

/**
 * How named weights become a network, as data: nothing in it is run, so it can be kept in JSON. A
 * checkpoint fits when every tensor asked for is there in a shape that fits its neighbours, every setting
 * asked for is known, and no tensor is left over: a tensor nobody asked for would make the network another
 * function.
 */
export interface Adapter {
  readonly name: string;
  /** One line for people who choose between adapters. */
  readonly summary?: string;
  /** Looks only at tensors whose names begin so, and takes it off them. Default none. */
  readonly prefix?: string;
  readonly layers: readonly (Rule | Repeat)[];
  /** Names that may be left over; `*` stands for any run of characters. */
  readonly ignore?: readonly string[];
  /** Positions of an input. Default, where there is attention: the setting `nContext`. */
  readonly nContext?: Given<"nContext">;
  /** Settings for what the layers leave open; those of a call go before them. */
  readonly settings?: Settings;
}
