import {
  type Block,
  type HeldMatrix,
  type Matrix,
  matrix,
  type Program,
  ProgramBuilder,
  type Register,
} from "../../tensor/index.ts";
import type { Arithmetic } from "../closure/arithmetic.ts";
import { stacked } from "./reduced.ts";
import { stripsOf, type Through } from "./two-layer-cost.ts";
import type { TwoLayerForm } from "./two-layer-form.ts";

/**
 * tr(M_h M′_k N_h N′_k), [m2, m2′], through the units of a's first layer, which all M_h and N_h share: with
 * Y = V M′_k Vᵀ and Y′ = V N′_k Vᵀ for V = [l; r], in blocks,
 *
 *     Z = ¼ (Y_rl ⊙ Y′_lr + Y_rr ⊙ Y′_ll + Y_ll ⊙ Y′_rr + Y_lr ⊙ Y′_rl),   column k = rowsum((leftOf Z) ⊙ rightOf)
 *
 * where products of d × d matrices would take 2 m2 m2′ d³. Z is symmetric: it is made in strips of units, the
 * blocks on and above the diagonal only, see `cyclesMacs`. Through `units` of b M′_k is not written out:
 * Y = ½ [P Q] diag(c c) [Q P]ᵀ with P = V l′ᵀ, Q = V r′ᵀ and c what M′_k takes of each unit.
 *
 * @param units - [2 m1, d]: V in the coordinates of b
 */
export async function cyclesOf(
  a: TwoLayerForm,
  b: TwoLayerForm,
  units: Matrix,
  through: Through,
  { programs, times, signal }: Arithmetic,
): Promise<Matrix> {
  const { first: m1, second: m2 } = a.sizes;
  const others = b.sizes.second;
  const strips = stripsAlong(m1);
  const held: HeldMatrix[] = [];
  const load = async (one: Matrix) => {
    const own = await programs.load(one);
    held.push(own);
    return own;
  };
  try {
    const factors = through === "units" ? await crossed(units, b, times) : [units];
    const shared: Block[] = [];
    for (const factor of factors) {
      const own = await load(factor);
      for (const { at } of strips) {
        shared.push({ of: own, row: at, column: 0 }, { of: own, row: m1 + at, column: 0 });
      }
    }
    for (const strip of strips) {
      const own = await load(takenBy(a.of, strip));
      shared.push({ of: own, row: 0, column: 0 }, { of: own, row: m2, column: 0 });
    }
    if (through === "units") {
      const ones = await load(matrix(m1, 1, new Float64Array(m1).fill(1)));
      for (const { at } of strips) shared.push({ of: ones, row: at, column: 0 });
    }
    const rows = through === "forms" ? b.sizes.inputs : 1;
    const forms = through === "forms" ? b.forms! : await load(halfTwice(b.of));
    const groups = Array.from({ length: others }, (_, k) => {
      const own = [k, others + k].map((unit) => ({ of: forms, row: unit * rows, column: 0 }));
      return { tasks: [{ inputs: [...shared, ...own] }] };
    });
    const program = cyclesProgram(strips, m2, factors[0]!.shape[1], through);
    const columns = await programs.run(program, groups, { signal });
    const cycles = matrix(m2, others);
    for (const [k, [column]] of columns.entries()) {
      for (let h = 0; h < m2; h++) cycles.data[h * others + k] = column!.data[h]!;
    }
    return cycles;
  } finally {
    for (const one of held) one.release();
  }
}

/** Units of a first layer, some in a row. */
interface Strip {
  readonly at: number;
  readonly width: number;
}

function stripsAlong(m1: number): Strip[] {
  const count = stripsOf(m1);
  return Array.from({ length: count }, (_, s) => {
    const at = Math.floor((s * m1) / count);
    return { at, width: Math.floor(((s + 1) * m1) / count) - at };
  });
}

/** A side of some units, times a form and as it is. */
interface Side {
  readonly m: Register;
  readonly n: Register;
  readonly own: Register;
}

/** Column k of the cycles, [m2, 1]. */
function cyclesProgram(
  strips: readonly Strip[],
  m2: number,
  inner: number,
  through: Through,
): Program {
  const p = new ProgramBuilder();
  const factor = () =>
    strips.map(({ width }) => ({ l: p.input(width, inner), r: p.input(width, inner) }));
  const before = factor();
  const after = through === "units" ? factor() : before;
  const taken = strips.map(({ width }) => ({
    straight: p.input(2 * m2, width),
    exchanged: p.input(2 * m2, width),
  }));
  const ones = strips.map(({ width }) => (through === "units" ? p.input(width, 1) : undefined));
  const rows = through === "forms" ? inner : 1;
  const [m, n] = [p.input(rows, inner), p.input(rows, inner)];
  const sides = before.map(({ l, r }, s): { l: Side; r: Side } => {
    const times = (units: Register, form: Register) => {
      const one = ones[s];
      return one ? p.hadamard(units, p.product(one, form)) : p.product(units, form);
    };
    return {
      l: { m: times(l, m), n: times(l, n), own: after[s]!.l },
      r: { m: times(r, m), n: times(r, n), own: after[s]!.r },
    };
  });
  const between = (x: Side, y: Side) => ({
    m: p.product(x.m, y.own, { transposeB: true }),
    n: p.product(x.n, y.own, { transposeB: true }),
  });
  const columns: Register[] = [];
  for (const [i, x] of sides.entries()) {
    for (const [j, y] of sides.entries()) {
      if (j < i) continue;
      const [ll, rr, rl] = [between(x.l, y.l), between(x.r, y.r), between(x.r, y.l)];
      const straight = [p.hadamard(rr.m, ll.n), p.hadamard(ll.m, rr.n)];
      const { exchanged } = taken[j]!;
      if (i === j) {
        const once = p.hadamard(rl.m, p.transpose(rl.n));
        const z = p.sum(...straight, once, p.transpose(once));
        const left = p.block(taken[i]!.straight, 0, 0, m2, taken[i]!.straight.columns);
        const right = p.block(exchanged, 0, 0, m2, exchanged.columns);
        columns.push(p.rowDots(p.product(left, z), right));
      } else {
        // The block below the diagonal is its transpose, with the two sides exchanged.
        const lr = between(x.l, y.r);
        const z = p.sum(...straight, p.hadamard(rl.m, lr.n), p.hadamard(lr.m, rl.n));
        const both = p.rowDots(p.product(taken[i]!.straight, z), exchanged);
        columns.push(p.block(both, 0, 0, m2, 1), p.block(both, m2, 0, m2, 1));
      }
    }
  }
  return p.program(p.sum(...columns.map((column) => [1 / 4, column] as const)));
}

/** [V l′ᵀ, V r′ᵀ] and [V r′ᵀ, V l′ᵀ], [2 m1, 2 m1′]. */
async function crossed(
  units: Matrix,
  { left, right }: TwoLayerForm,
  times: Arithmetic["times"],
): Promise<Matrix[]> {
  const orders = [stacked(left, right), stacked(right, left)];
  return Promise.all(orders.map((order) => times(units, order, { transposeB: true })));
}

/** ½ [X X] */
function halfTwice({ shape: [rows, columns], data }: Matrix): Matrix {
  const found = matrix(rows, 2 * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const half = data[i * columns + j]! / 2;
      found.data[2 * i * columns + j] = half;
      found.data[(2 * i + 1) * columns + j] = half;
    }
  }
  return found;
}

/** What the left sides take of the units of a strip, then the right ones, then the left ones again: [3 m2, width]. */
function takenBy({ shape: [rows, columns], data }: Matrix, { at, width }: Strip): Matrix {
  const found = matrix((3 * rows) / 2, width);
  for (let i = 0; i < found.shape[0]; i++) {
    const from = (i % rows) * columns + at;
    found.data.set(data.subarray(from, from + width), i * width);
  }
  return found;
}
