import type { Matrix, Precision } from "./tensor.ts";

type Shape = readonly [rows: number, columns: number];

/**
 * One step of a program: it makes one matrix of those before it, named by their registers.
 *
 * - `product` — op(A)·op(B), each transposed when asked for
 * - `hadamard` — A ⊙ B, entry by entry
 * - `sum` — Σ times · X, all of one shape
 * - `scale` — (the one entry of `by`) · X
 * - `transpose` — Xᵀ
 * - `block` — rows and columns of X from `row` and `column` on, as many as the step's shape says
 * - `stack` — the parts one above the other
 * - `dot` — Σ A ⊙ B as a matrix [1, 1]
 * - `rowDots` — Σ over columns of A ⊙ B, [rows, 1]
 */
export type ProgramStep = { readonly shape: Shape } & (
  | {
      readonly kind: "product";
      readonly a: number;
      readonly b: number;
      readonly transposeA: boolean;
      readonly transposeB: boolean;
    }
  | { readonly kind: "hadamard" | "dot" | "rowDots"; readonly a: number; readonly b: number }
  | {
      readonly kind: "sum";
      readonly terms: readonly { readonly of: number; readonly times: number }[];
    }
  | { readonly kind: "scale"; readonly of: number; readonly by: number }
  | { readonly kind: "transpose"; readonly of: number }
  | { readonly kind: "block"; readonly of: number; readonly row: number; readonly column: number }
  | { readonly kind: "stack"; readonly parts: readonly number[] }
);

/**
 * A straight-line computation on small matrices, written once and run on many: registers 0 … are the
 * inputs, then one for each step. See {@link ProgramBuilder}.
 */
export interface Program {
  readonly inputs: readonly Shape[];
  readonly steps: readonly ProgramStep[];
  /** Registers that are the result. */
  readonly outputs: readonly number[];
}

/** A matrix held by an engine in its own memory, for programs to read blocks of and to write to. */
export interface HeldMatrix {
  readonly engine: string;
  readonly shape: Shape;
  readonly precision: Precision;
  readonly bytes: number;
  /** Frees it; using the matrix afterwards is an error. */
  release(): void;
}

/** A part of a held matrix, from `row` and `column` on; its shape is that of the input it is put in for. */
export interface Block {
  readonly of: HeldMatrix;
  readonly row: number;
  readonly column: number;
}

/** One run of a program. */
export interface ProgramTask {
  /** A block for each input. */
  readonly inputs: readonly Block[];
  /** Factor of the outputs. Default 1. */
  readonly weight?: number;
}

/** Tasks whose outputs are added up, in their order whatever computes them. */
export interface ProgramGroup {
  readonly tasks: readonly ProgramTask[];
  /** Where the sums go, one for each output, over what is there; absent, they are returned. */
  readonly into?: readonly Block[];
}

/** Options of a run of a program. */
export interface ProgramOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many groups are done. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Optional operation of an engine: programs on matrices it holds, spread over its threads. */
export interface ProgramOperation {
  /** Copies a matrix into the engine. */
  load(matrix: Matrix): Promise<HeldMatrix>;
  /** Room for a matrix of zeros. */
  allocate(shape: Shape, precision: Precision): Promise<HeldMatrix>;
  /** A copy of a held matrix. */
  read(held: HeldMatrix): Promise<Matrix>;
  /**
   * Runs a program for each task and adds up the outputs of each group. A group is computed by one
   * thread from its first task to its last, so its sums do not depend on the number of threads; groups
   * run in any order and side by side, and must not write what another one reads. Rejects with the
   * signal's reason, soon after it aborts; what was to be written is then undefined.
   *
   * @returns for each group the sums, one for each output; empty for a group that says `into`
   * @throws {ShapeError} when a block does not lie in its matrix
   * @throws {TypeError} when a matrix is of another engine or precision, or released
   */
  run(
    program: Program,
    groups: readonly ProgramGroup[],
    options?: ProgramOptions,
  ): Promise<readonly (readonly Matrix[])[]>;
}
