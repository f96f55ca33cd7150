import type { ProgramOperation } from "./program.ts";
import type { Matrix, Precision } from "./tensor.ts";

/** What an engine says of itself; travels with every result, so a number can be traced. */
export interface EngineInfo {
  /** `"wasm"`, `"onnx"`, `"tfjs"` or `"reference"`. */
  readonly name: string;
  /** Precisions the engine can compute in; asking for another throws a `RangeError`. */
  readonly precisions: readonly Precision[];
  /** Threads that compute, at least 1. */
  readonly threads: number;
  /** True when the same input gives the same bits on every machine and thread count. */
  readonly deterministic: boolean;
}

/** Options of a product of matrices op(A)·op(B). */
export interface GemmOptions {
  /** Use the transpose of the first operand. Default false. */
  readonly transposeA?: boolean;
  /** Use the transpose of the second operand. Default false. */
  readonly transposeB?: boolean;
}

/**
 * One step of a chain: what the similarity recursion sees of a layer. Biases and residuals are
 * already folded in (padded wire) or dropped.
 */
export type ChainStep =
  /** G ↦ W_a G W_bᵀ with weight W [out, in]. */
  | { readonly kind: "linear"; readonly weight: Matrix }
  /** G ↦ D_a ½[(L_a G L_bᵀ)⊙(R_a G R_bᵀ) + (L_a G R_bᵀ)⊙(R_a G L_bᵀ)] D_bᵀ; L, R [m, in], D [out, m]. */
  | {
      readonly kind: "bilinear";
      readonly left: Matrix;
      readonly right: Matrix;
      readonly down: Matrix;
    };

/** A network as the recursion sees it. Two chains can be paired when their step kinds agree in order. */
export interface Chain {
  readonly steps: readonly ChainStep[];
}

/** A chain held by an engine in the engine's own layout (packed, shared with workers). */
export interface LoadedChain {
  readonly engine: string;
  /** Bytes held by the engine for this chain. */
  readonly bytes: number;
  /** Frees them; using the chain afterwards is an error. */
  release(): void;
}

/** Inner products of one chain with `count` others, per output. */
export interface ChainRow {
  /**
   * [count, outputs]: entry [k, o] times 2^exponents[k] is (G_final)[o, o] of the recursion for the
   * pair (a, bs[k]). The sum over o is the inner product; single o are the slices.
   */
  readonly slices: Float64Array;
  /** [count]: base-2 exponents left out of each pair's slices; 0 unless the largest leaves 2^±500. */
  readonly exponents: Int32Array;
}

/** Options of a row of a similarity matrix. */
export interface ChainOptions {
  /** False drops the crossed term: the unsymmetrised (Frobenius) recursion. Default true. */
  readonly symmetrise?: boolean;
  readonly signal?: AbortSignal;
}

/** Optional fused operation: one row of a similarity matrix in the engine's own memory. */
export interface ChainOperation {
  /** Copies (and packs) a chain into the engine. */
  load(chain: Chain, precision: Precision): Promise<LoadedChain>;
  /**
   * The recursion of `a` with each of `bs`, all loaded here with one precision and with step kinds and
   * input and output sizes that agree. Rejects with the signal's reason, soon after it aborts.
   */
  row(a: LoadedChain, bs: readonly LoadedChain[], options?: ChainOptions): Promise<ChainRow>;
}

/** Inner products of every pair of some chains, per output. */
export interface FormProducts {
  /**
   * [pairs, outputs], pairs (0, 0), (1, 0), (1, 1), (2, 0), …: entry [i(i+1)/2 + j, o] times
   * 2^exponents[i(i+1)/2 + j] is the inner product of output o of chains i and j ≤ i.
   */
  readonly slices: Float64Array;
  /** [pairs]: base-2 exponents left out, as in {@link ChainRow}. */
  readonly exponents: Int32Array;
}

/** Options of the forms route. */
export interface FormOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told the part of the work that is done, from 0 to 1. */
  readonly progress?: ((part: number) => void) | undefined;
}

/**
 * Optional fused operation: the symmetric recursion of chains of one bilinear step x ↦ D(Lx ⊙ Rx), all
 * pairs at once through the quadratic forms S_o = Σ_h D[o, h] sym(l_h r_hᵀ) of each, which need far fewer
 * operations than pairs of hidden units do where there are many chains, many units and few outputs.
 */
export interface FormOperation {
  /** Copies (and packs) a chain into the engine. */
  load(chain: Chain, precision: Precision): Promise<LoadedChain>;
  /**
   * Every pair of chains loaded here, of one precision and equal inputs and outputs. Rejects with the
   * signal's reason, soon after it aborts.
   */
  products(chains: readonly LoadedChain[], options?: FormOptions): Promise<FormProducts>;
}

/**
 * Does the arithmetic. `gemm` is the one mandatory operation; what an engine does not fuse is composed
 * of `gemm` above it, so a new engine needs one method.
 */
export interface Engine {
  readonly info: EngineInfo;
  /**
   * C = op(A)·op(B), shapes [m, k]·[k, n] → [m, n] after the transpositions asked for. Operands share
   * one precision, which is that of the result.
   *
   * @throws {ShapeError} when the inner sizes differ
   * @throws {RangeError} when the engine lacks the precision
   */
  gemm(a: Matrix, b: Matrix, options?: GemmOptions): Promise<Matrix>;
  readonly chains?: ChainOperation;
  readonly forms?: FormOperation;
  readonly programs?: ProgramOperation;
  /** Ends workers and frees memory. */
  dispose(): Promise<void>;
}
