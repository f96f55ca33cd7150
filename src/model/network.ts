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

/** Which keys u a query t looks at: u ≤ t, all, or u = t. */
export type Mask = "causal" | "none" | "diag";

/**
 * Attention without softmax, of H heads of width dh. For each head, at query position t and key
 * position u, counted from 0, with rot the rotary embedding where there is a base,
 *
 *     s1[t, u] = (rot(t) (Q1 x[t] + bq1)) · (rot(u) (K1 x[u] + bk1)),   s2[t, u] likewise
 *     z[t] = Σ_u mask[t, u] · s1[t, u] · s2[t, u] / dh² · V x[u]
 *     y[t] = residual · x[t] + gain · O z[t],   z of all heads one after the other
 *
 * Quadratic attention is the case query1 = query2, key1 = key2.
 */
export interface AttentionLayer {
  readonly kind: "attention";
  /** Number of heads H. */
  readonly heads: number;
  /** [H · dh, in], like the other queries, keys and the values; head h owns rows h · dh … (h + 1) · dh − 1. */
  readonly query1: Matrix;
  readonly key1: Matrix;
  readonly query2: Matrix;
  readonly key2: Matrix;
  readonly value: Matrix;
  /** [out, H · dh] */
  readonly output: Matrix;
  /** [H · dh], like the other biases; added before the rotation. */
  readonly query1Bias?: Numbers;
  readonly key1Bias?: Numbers;
  readonly query2Bias?: Numbers;
  readonly key2Bias?: Numbers;
  /** Default `"causal"`. */
  readonly mask?: Mask;
  /**
   * Base β of the rotary embedding; without it there is none. Position p turns the plane of coordinates
   * (i, i + dh/2) by the angle p · β^(−2i/dh), so dh is even and a score depends on t − u only.
   */
  readonly rotaryBase?: number;
  /** Default 0; not 0 needs out = in. */
  readonly residual?: number;
  /** Default 1. */
  readonly gain?: number;
}

/** One step of a network. */
export type Layer = LinearLayer | BilinearLayer | AttentionLayer;

/** A polynomial network: its layers applied in order, all but attention to each position by itself. */
export interface Network {
  readonly layers: readonly Layer[];
  /** Positions of an input, the longest there is; needed where there is attention. Default 1. */
  readonly nContext?: number;
}

/** Named weights as an adapter reads them, decoded only when asked for. */
export interface Weights {
  /** File or label, for messages. */
  readonly source: string;
  readonly names: readonly string[];
  /** What the file says of itself, e.g. number of heads under `config.n_head`. */
  readonly metadata?: Readonly<Record<string, string>>;
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
  /**
   * Text that is another for another network, and known without reading it, such as the state of its
   * file; without it a network is read to know whether it is one that was seen before.
   */
  identity?(index: number): string | undefined;
}
