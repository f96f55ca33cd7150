import type { Matrix, Numbers, Tensor } from "../tensor/index.ts";

/** y = W x + b; weight [out, in], bias [out]. */
export interface LinearLayer {
  readonly kind: "linear";
  readonly weight: Matrix;
  readonly bias?: Numbers;
}

/**
 * h = (L x + bl) ⊙ (R x + br);  y = residual · x + gain · (D h + bd). Left, right [m, in]; down [out, m].
 * `residual` and `gain` are data: (0, 1) none, (1, s) additive, (1 − s, s) interpolation.
 */
export interface BilinearLayer {
  readonly kind: "bilinear";
  readonly left: Matrix;
  readonly right: Matrix;
  readonly down: Matrix;
  readonly leftBias?: Numbers;
  readonly rightBias?: Numbers;
  readonly downBias?: Numbers;
  /** Default 0; not 0 needs out = in. */
  readonly residual?: number;
  /** Default 1. */
  readonly gain?: number;
}

export type Layer = LinearLayer | BilinearLayer;

/** A polynomial network: its layers applied in order. */
export interface Network {
  readonly layers: readonly Layer[];
}

/** Named weights as an adapter reads them, decoded only when asked for. */
export interface Weights {
  /** File or label, for messages. */
  readonly source: string;
  readonly names: readonly string[];
  /** Shape of a named tensor; undefined when there is none of that name. */
  shape(name: string): readonly number[] | undefined;
  /** The tensor in float64, whatever type it is stored in. */
  tensor(name: string): Tensor;
}

/** Networks in an order, e.g. the checkpoints of one run, each loaded when asked for. */
export interface NetworkSeries {
  readonly length: number;
  /** Training step of each, when known. */
  readonly steps?: readonly number[];
  /** A name for each, for axes and messages. */
  readonly labels?: readonly string[];
  network(index: number): Network | Promise<Network>;
}
