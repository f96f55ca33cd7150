import type { Program, ProgramStep } from "./program.ts";
import { ShapeError } from "./tensor.ts";

/** A matrix in a program that is being written. */
export interface Register {
  readonly index: number;
  readonly rows: number;
  readonly columns: number;
}

interface Transposed {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** A step without its shape. */
type Shapeless<Step> = Step extends ProgramStep ? Omit<Step, "shape"> : never;

/** Writes a program step by step; every method returns the register of what it makes. */
export class ProgramBuilder {
  readonly #inputs: (readonly [number, number])[] = [];
  readonly #steps: ProgramStep[] = [];

  /**
   * A matrix [rows, columns] that is put in. All inputs come before the first step.
   *
   * @throws {RangeError} when there is a step already
   */
  input(rows: number, columns: number): Register {
    if (this.#steps.length > 0) throw new RangeError("Cannot add an input after the first step");
    this.#inputs.push([rows, columns]);
    return { index: this.#inputs.length - 1, rows, columns };
  }

  /**
   * op(A)·op(B), [m, k] · [k, n] → [m, n].
   *
   * @throws {ShapeError} when the inner sizes differ
   */
  product(a: Register, b: Register, options: Transposed = {}): Register {
    const { transposeA = false, transposeB = false } = options;
    const [rows, inner] = transposeA ? [a.columns, a.rows] : [a.rows, a.columns];
    const [innerB, columns] = transposeB ? [b.columns, b.rows] : [b.rows, b.columns];
    requireEqual("multiply", [inner], [innerB]);
    return this.#step(rows, columns, {
      kind: "product",
      a: a.index,
      b: b.index,
      transposeA,
      transposeB,
    });
  }

  /**
   * A ⊙ B
   *
   * @throws {ShapeError} when the shapes differ
   */
  hadamard(a: Register, b: Register): Register {
    requireEqual("multiply entry by entry", shapeOf(a), shapeOf(b));
    return this.#step(a.rows, a.columns, { kind: "hadamard", a: a.index, b: b.index });
  }

  /**
   * Σ times · X, at least one; `times` is 1 where only the register is given.
   *
   * @throws {ShapeError} when the shapes differ
   */
  sum(...terms: readonly (Register | readonly [times: number, of: Register])[]): Register {
    const weighted = terms.map((term) => ("index" in term ? ([1, term] as const) : term));
    const [[, first]] = weighted as [readonly [number, Register]];
    for (const [, of] of weighted) requireEqual("add", shapeOf(first), shapeOf(of));
    return this.#step(first.rows, first.columns, {
      kind: "sum",
      terms: weighted.map(([times, of]) => ({ of: of.index, times })),
    });
  }

  /**
   * by · X, where `by` is [1, 1].
   *
   * @throws {ShapeError} when it is not
   */
  scale(of: Register, by: Register): Register {
    requireEqual("scale", [1, 1], shapeOf(by));
    return this.#step(of.rows, of.columns, { kind: "scale", of: of.index, by: by.index });
  }

  /** Xᵀ */
  transpose(of: Register): Register {
    return this.#step(of.columns, of.rows, { kind: "transpose", of: of.index });
  }

  /**
   * Entries [row + i, column + j] of X.
   *
   * @throws {ShapeError} when they reach beyond it
   */
  block(of: Register, row: number, column: number, rows: number, columns: number): Register {
    if (row < 0 || column < 0 || row + rows > of.rows || column + columns > of.columns) {
      throw new ShapeError(
        `Cannot take a block [${rows}, ${columns}] at [${row}, ${column}]: found a matrix of shape [${of.rows}, ${of.columns}]`,
      );
    }
    return this.#step(rows, columns, { kind: "block", of: of.index, row, column });
  }

  /**
   * The parts one above the other.
   *
   * @throws {ShapeError} when they differ in columns
   */
  stack(...parts: readonly Register[]): Register {
    const [first] = parts as readonly [Register];
    for (const part of parts) requireEqual("stack", [first.columns], [part.columns]);
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    return this.#step(rows, first.columns, {
      kind: "stack",
      parts: parts.map(({ index }) => index),
    });
  }

  /**
   * Σ A ⊙ B, [1, 1]
   *
   * @throws {ShapeError} when the shapes differ
   */
  dot(a: Register, b: Register): Register {
    requireEqual("multiply entry by entry", shapeOf(a), shapeOf(b));
    return this.#step(1, 1, { kind: "dot", a: a.index, b: b.index });
  }

  /**
   * Σ over columns of A ⊙ B, [rows, 1]
   *
   * @throws {ShapeError} when the shapes differ
   */
  rowDots(a: Register, b: Register): Register {
    requireEqual("multiply entry by entry", shapeOf(a), shapeOf(b));
    return this.#step(a.rows, 1, { kind: "rowDots", a: a.index, b: b.index });
  }

  /** The program that returns these registers. */
  program(...outputs: readonly Register[]): Program {
    return {
      inputs: [...this.#inputs],
      steps: [...this.#steps],
      outputs: outputs.map(({ index }) => index),
    };
  }

  #step(rows: number, columns: number, step: Shapeless<ProgramStep>): Register {
    this.#steps.push({ ...step, shape: [rows, columns] } as ProgramStep);
    return { index: this.#inputs.length + this.#steps.length - 1, rows, columns };
  }
}

function shapeOf({ rows, columns }: Register): readonly [number, number] {
  return [rows, columns];
}

function requireEqual(act: string, expected: readonly number[], found: readonly number[]): void {
  if (expected.every((axis, i) => axis === found[i])) return;
  const which = expected.length === 1 ? "inner sizes" : "shapes";
  throw new ShapeError(
    `Cannot ${act}: expected equal ${which}, found [${expected.join(", ")}] and [${found.join(", ")}]`,
  );
}
