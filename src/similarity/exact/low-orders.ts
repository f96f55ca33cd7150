import {
  type HeldMatrix,
  type Matrix,
  matrix,
  type Program,
  ProgramBuilder,
} from "../../tensor/index.ts";
import type { Arithmetic } from "../closure/arithmetic.ts";

/** The second layer's sides as quadratics of w, each a combination of units of the first. */
export interface Sides {
  /** [m1, d] */
  readonly left: Matrix;
  readonly right: Matrix;
  /** [2 m2, m1]: what the left sides take of each unit, above what the right ones take. */
  readonly of: Matrix;
  /** [2 m2, d]: linear parts. */
  readonly linear: Matrix;
  /** [2 m2]: means. */
  readonly mean: Float64Array;
}

/** Parts of the products A_h B_h of some units, those of orders 3 and 4 left as the forms they are made of. */
export interface LowOrders {
  /** [units], [units, d] and [units, d · d]: orders 0, 1 and 2. */
  readonly zeroth: Float64Array;
  readonly first: Matrix;
  readonly second: Matrix;
  /** [units · d, d]: M_h and N_h. */
  readonly leftForms: Matrix;
  readonly rightForms: Matrix;
}

/** Bytes of results that are collected at one time. */
const most = 2 ** 27;

/**
 * For units h, some at a time, M_h = Σ_p of[h, p] sym(l_p r_pᵀ), N_h likewise from the right sides, and
 *
 *     c b + g·e + 2 tr(M N),   c e + b g + 2 (M e + N g),   c N + b M + sym(g eᵀ) + 2 (M N + N M)
 */
export async function* lowOrders(
  { left, right, of, linear, mean }: Sides,
  { programs, signal }: Arithmetic,
): AsyncGenerator<LowOrders & { readonly from: number }> {
  const [m1, d] = left.shape;
  const m2 = mean.length / 2;
  const held: HeldMatrix[] = [];
  const load = async (one: Matrix) => {
    const own = await programs.load(one);
    held.push(own);
    return own;
  };
  try {
    const units = [await load(left), await load(right)];
    const taken = await load(of);
    const slopes = await load(linear);
    const means = await load(matrix(2 * m2, 1, mean));
    const ones = await load(matrix(1, d, new Float64Array(d).fill(1)));
    const program = unitProgram(m1, d);
    const whole = (one: HeldMatrix) => ({ of: one, row: 0, column: 0 });
    const count = Math.max(1, Math.floor(most / (24 * d * d)));
    for (let from = 0; from < m2; from += count) {
      const own = Array.from({ length: Math.min(count, m2 - from) }, (_, k) => from + k);
      const groups = own.map((h) => {
        const rows = [taken, slopes, means].flatMap((one) =>
          [h, m2 + h].map((row) => ({ of: one, row, column: 0 })),
        );
        return { tasks: [{ inputs: [...units.map(whole), whole(ones), ...rows] }] };
      });
      const found = await programs.run(program, groups, { signal });
      const joined = (output: number) => {
        const size = found[0]![output]!.data.length;
        const all = new Float64Array(found.length * size);
        for (const [k, outputs] of found.entries()) all.set(outputs[output]!.data, k * size);
        return all;
      };
      yield {
        from,
        zeroth: joined(0),
        first: matrix(own.length, d, joined(1)),
        second: matrix(own.length, d * d, joined(2)),
        leftForms: matrix(own.length * d, d, joined(3)),
        rightForms: matrix(own.length * d, d, joined(4)),
      };
    }
  } finally {
    for (const one of held) one.release();
  }
}

/** The parts of one unit. */
function unitProgram(m1: number, d: number): Program {
  const p = new ProgramBuilder();
  const [left, right, ones] = [p.input(m1, d), p.input(m1, d), p.input(1, d)];
  const [ofA, ofB] = [p.input(1, m1), p.input(1, m1)];
  const [g, e] = [p.input(1, d), p.input(1, d)];
  const [c, b] = [p.input(1, 1), p.input(1, 1)];
  const form = (taken: typeof ofA) => {
    const factors = p.product(taken, ones, { transposeA: true });
    const half = p.product(p.hadamard(left, factors), right, { transposeA: true });
    return p.sum([1 / 2, half], [1 / 2, p.transpose(half)]);
  };
  const [m, n] = [form(ofA), form(ofB)];
  const product = p.product(m, n);
  const outer = p.product(g, e, { transposeA: true });
  return p.program(
    p.sum(p.product(c, b), p.dot(g, e), [2, p.dot(m, n)]),
    p.sum(p.scale(e, c), p.scale(g, b), [2, p.product(e, m)], [2, p.product(g, n)]),
    p.sum(
      p.scale(n, c),
      p.scale(m, b),
      [1 / 2, outer],
      [1 / 2, p.transpose(outer)],
      [2, product],
      [2, p.transpose(product)],
    ),
    m,
    n,
  );
}
