import { type Program, ProgramBuilder, type Register } from "../../tensor/index.ts";

/** A matrix in a formula, perhaps to be read transposed; undefined is 0. */
export type Term = { readonly register: Register; readonly transposed: boolean } | undefined;

/** A number known only when the program runs, or one of those that leave a formula as it is. */
export type Factor = Register | 0 | 1;

/** Writes a program in which some matrices are known to be 0: what they are a factor of is left out. */
export class Formula {
  readonly #builder = new ProgramBuilder();

  /** A matrix that is put in; all before anything else. */
  input(rows: number, columns: number): Term {
    return plain(this.#builder.input(rows, columns));
  }

  block(of: Term, row: number, column: number, rows: number, columns: number): Term {
    return of && plain(this.#builder.block(of.register, row, column, rows, columns));
  }

  transposed(of: Term): Term {
    return of && { register: of.register, transposed: !of.transposed };
  }

  product(a: Term, b: Term): Term {
    if (!a || !b) return undefined;
    const options = { transposeA: a.transposed, transposeB: b.transposed };
    return plain(this.#builder.product(a.register, b.register, options));
  }

  sum(terms: readonly Term[]): Term {
    const there = terms.filter((term) => term !== undefined);
    if (there.length < 2) return there[0];
    return plain(this.#builder.sum(...there.map((term) => this.#straight(term))));
  }

  /** factor · X */
  scaled(of: Term, factor: Factor): Term {
    if (!of || factor === 0) return undefined;
    return factor === 1 ? of : plain(this.#builder.scale(this.#straight(of), factor));
  }

  /** Σ A ⊙ B */
  dot(a: Term, b: Term): Factor {
    if (!a || !b) return 0;
    if (a.transposed === b.transposed) return this.#builder.dot(a.register, b.register);
    return this.#builder.dot(this.#straight(a), this.#straight(b));
  }

  /** Sum of numbers, none of them 1. */
  total(numbers: readonly Factor[]): Register | 0 {
    const there = numbers.filter((number) => number !== 0) as Register[];
    if (there.length < 2) return there[0] ?? 0;
    return this.#builder.sum(...there);
  }

  /** Half a number. */
  half(number: Register | 0): Factor {
    return number === 0 ? 0 : this.#builder.sum([0.5, number]);
  }

  /** Product of two numbers. */
  times(a: Factor, b: Factor): Factor {
    if (a === 0 || b === 0) return 0;
    if (a === 1) return b;
    return b === 1 ? a : this.#builder.hadamard(a, b);
  }

  /** The program that returns a matrix. */
  program(output: NonNullable<Term>): Program {
    return this.#builder.program(this.#straight(output));
  }

  #straight({ register, transposed }: NonNullable<Term>): Register {
    return transposed ? this.#builder.transpose(register) : register;
  }
}

function plain(register: Register): Term {
  return { register, transposed: false };
}
