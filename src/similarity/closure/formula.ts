import { type Program, ProgramBuilder, type Register } from "../../tensor/index.ts";

/** A matrix in a formula, perhaps to be read transposed; undefined is 0. */
export type Term = { readonly register: Register; readonly transposed: boolean } | undefined;

/** A number known only when the program runs, or one of those that leave a formula as it is. */
export type Factor = Register | 0 | 1;

/**
 * Writes a program in which some matrices are known to be 0, and some to be the same: what is 0 is left
 * out, and what is the same is computed once.
 */
export class Formula {
  readonly #builder = new ProgramBuilder();
  readonly #made = new Map<string, Register>();

  /** A matrix that is put in; all before anything else. */
  input(rows: number, columns: number): Term {
    return plain(this.#builder.input(rows, columns));
  }

  block(of: Term, row: number, column: number, rows: number, columns: number): Term {
    if (!of) return undefined;
    const name = `block ${of.register.index} ${row} ${column} ${rows} ${columns}`;
    return plain(
      this.#once(name, () => this.#builder.block(of.register, row, column, rows, columns)),
    );
  }

  transposed(of: Term): Term {
    return of && { register: of.register, transposed: !of.transposed };
  }

  product(a: Term, b: Term): Term {
    if (!a || !b) return undefined;
    const options = { transposeA: a.transposed, transposeB: b.transposed };
    const name = `product ${a.register.index} ${a.transposed} ${b.register.index} ${b.transposed}`;
    return plain(this.#once(name, () => this.#builder.product(a.register, b.register, options)));
  }

  sum(terms: readonly Term[]): Term {
    const there = terms.filter((term) => term !== undefined);
    if (there.length < 2) return there[0];
    return plain(this.#added(there.map((term) => this.#straight(term))));
  }

  /** factor · X */
  scaled(of: Term, factor: Factor): Term {
    if (!of || factor === 0) return undefined;
    if (factor === 1) return of;
    const straight = this.#straight(of);
    const name = `scale ${straight.index} ${factor.index}`;
    return plain(this.#once(name, () => this.#builder.scale(straight, factor)));
  }

  /** Σ A ⊙ B */
  dot(a: Term, b: Term): Factor {
    if (!a || !b) return 0;
    const alike = a.transposed === b.transposed;
    const [x, y] = (alike ? [a.register, b.register] : [this.#straight(a), this.#straight(b)]).sort(
      byIndex,
    ) as [Register, Register];
    return this.#once(`dot ${x.index} ${y.index}`, () => this.#builder.dot(x, y));
  }

  /** Sum of numbers, none of them 1. */
  total(numbers: readonly Factor[]): Register | 0 {
    const there = numbers.filter((number) => number !== 0) as Register[];
    return there.length < 2 ? (there[0] ?? 0) : this.#added(there);
  }

  /** Half a number. */
  half(number: Register | 0): Factor {
    if (number === 0) return 0;
    return this.#once(`half ${number.index}`, () => this.#builder.sum([0.5, number]));
  }

  /** Product of two numbers. */
  times(a: Factor, b: Factor): Factor {
    if (a === 0 || b === 0) return 0;
    if (a === 1) return b;
    if (b === 1) return a;
    const [x, y] = [a, b].sort(byIndex) as [Register, Register];
    return this.#once(`times ${x.index} ${y.index}`, () => this.#builder.hadamard(x, y));
  }

  /** The program that returns a matrix. */
  program(output: NonNullable<Term>): Program {
    return this.#builder.program(this.#straight(output));
  }

  #straight({ register, transposed }: NonNullable<Term>): Register {
    if (!transposed) return register;
    return this.#once(`transpose ${register.index}`, () => this.#builder.transpose(register));
  }

  /** The sum of matrices, each with how often it is among them. */
  #added(there: readonly Register[]): Register {
    const counts = new Map<Register, number>();
    for (const one of [...there].sort(byIndex)) counts.set(one, (counts.get(one) ?? 0) + 1);
    const terms = [...counts].map(([of, times]) => [times, of] as const);
    const name = `sum ${terms.map(([times, { index }]) => `${times} ${index}`)}`;
    return this.#once(name, () => this.#builder.sum(...terms));
  }

  #once(name: string, make: () => Register): Register {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made;
  }
}

function byIndex(a: Register, b: Register): number {
  return a.index - b.index;
}

function plain(register: Register): Term {
  return { register, transposed: false };
}
