import type { Mask } from "../network.ts";

/** One matrix with an optional bias, by their names in the checkpoint. */
export interface AffineSource {
  readonly weight: string;
  readonly bias?: string;
}

/** Where a linear layer comes from. */
export interface LinearSource {
  readonly kind: "linear";
  readonly affine: AffineSource;
  readonly transpose: boolean;
}

/** Where a bilinear layer comes from. */
export interface BilinearSource {
  readonly kind: "bilinear";
  /** One tensor to halve along `axis`, or one for each side. */
  readonly input:
    | { readonly packed: AffineSource; readonly axis: 0 | 1 }
    | { readonly left: AffineSource; readonly right: AffineSource };
  readonly down: AffineSource;
  readonly transpose: boolean;
  readonly residual: number;
  readonly gain: number;
}

/** Where an attention layer comes from. */
export interface AttentionSource {
  readonly kind: "attention";
  /** In quadratic attention the two queries are one tensor, and the two keys. */
  readonly query1: AffineSource;
  readonly key1: AffineSource;
  readonly query2: AffineSource;
  readonly key2: AffineSource;
  readonly value: string;
  readonly output: string;
  readonly transpose: boolean;
  readonly heads: number;
  readonly mask: Mask;
  /** Absent where there is no rotary embedding. */
  readonly rotaryBase?: number;
  readonly residual: number;
  readonly gain: number;
}

/** One layer of a fitted network: which tensors it is made of, and what it is besides. */
export type LayerSource = LinearSource | BilinearSource | AttentionSource;
