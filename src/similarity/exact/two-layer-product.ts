import {
  type Matrix,
  matrix,
  type Program,
  ProgramBuilder,
  transpose,
} from "../../tensor/index.ts";
import { type Arithmetic, diagonalOf } from "../closure/arithmetic.ts";
import { cyclesOf } from "./cycles.ts";
import { stacked } from "./reduced.ts";
import { thirdOrder } from "./third-order.ts";
import { cyclesMacs } from "./two-layer-cost.ts";
import type { TwoLayerForm } from "./two-layer-form.ts";

/**
 * The symmetric inner product of the tensors of degree 4, output by output:
 * Σ_hk down_a[o, h] down_b[o, k] E4[h, k] / 24, see {@link gaussianSlices}.
 */
export async function symmetricSlices(
  a: TwoLayerForm,
  b: TwoLayerForm,
  arithmetic: Arithmetic,
): Promise<Float64Array> {
  const along = await coordinates(a, b, arithmetic);
  const traces = await tracesOf(a, b, along, arithmetic);
  const fourth = await fourthOrder(a, b, traces, along, arithmetic);
  const slices = await downwards(a, b, fourth, arithmetic);
  return slices.map((slice) => slice / 24);
}

/**
 * E[f_a·f_b], output by output. Parts of different order are orthogonal; by Wick's theorem
 *
 *     F0 F0′ + F1·F1′ + 2 ⟨F2, F2′⟩ + Σ_hk down_a[o, h] down_b[o, k] (E3[h, k] + E4[h, k])
 *     E4 = 4 tr(M M′) tr(N N′) + 4 tr(M N′) tr(N M′) + 16 tr(M M′ N N′)
 *
 * with E3 as in {@link thirdOrder}.
 */
export async function gaussianSlices(
  a: TwoLayerForm,
  b: TwoLayerForm,
  arithmetic: Arithmetic,
): Promise<Float64Array> {
  const along = await coordinates(a, b, arithmetic);
  const traces = await tracesOf(a, b, along, arithmetic);
  const high = await fourthOrder(a, b, traces, along, arithmetic);
  if (a.flat && b.flat) {
    const third = await thirdOrder(a, b, traces, along, arithmetic);
    for (let i = 0; i < high.data.length; i++) high.data[i]! += third.data[i]!;
  }
  const slices = await downwards(a, b, high, arithmetic);
  const linear = along ? await arithmetic.times(a.order1, along) : a.order1;
  const first = await diagonalOf(linear, b.order1);
  const second = await diagonalOf(await alongside(a, along, arithmetic), b.order2);
  return slices.map(
    (slice, o) => slice + a.order0[o]! * b.order0[o]! + first.data[o]! + 2 * second.data[o]!,
  );
}

/** The coordinates of a in those of b, [d, d′]; undefined where both are the inputs themselves. */
async function coordinates(
  { basis }: TwoLayerForm,
  b: TwoLayerForm,
  { times }: Arithmetic,
): Promise<Matrix | undefined> {
  if (!basis) return b.basis && transpose(b.basis);
  return b.basis ? times(basis, b.basis, { transposeB: true }) : basis;
}

/** Forms of degree 2 of a in the coordinates of b: Cᵀ F2 C for C = along. */
async function alongside(
  { order2, sizes: { inputs: d, outputs } }: TwoLayerForm,
  along: Matrix | undefined,
  { times, pause }: Arithmetic,
): Promise<Matrix> {
  if (!along) return order2;
  const size = along.shape[1] ** 2;
  const found = matrix(outputs, size);
  for (let o = 0; o < outputs; o++) {
    const form = matrix(d, d, order2.data.subarray(o * d * d, (o + 1) * d * d));
    const half = await times(along, form, { transposeA: true });
    found.data.set((await times(half, along)).data, o * size);
    await pause();
  }
  return found;
}

/** Σ_hk down_a[o, h] E[h, k] down_b[o, k]. */
async function downwards(
  a: TwoLayerForm,
  b: TwoLayerForm,
  e: Matrix,
  { times }: Arithmetic,
): Promise<Float64Array> {
  return (await diagonalOf(await times(a.down, e), b.down)).data as Float64Array;
}

/**
 * The traces of M M′, M N′ above those of N M′, N N′ of every pair of units, [2 m2, 2 m2′], through the
 * units of the first layers:
 *
 *     of K of′ᵀ,   K = ½ [(l l′ᵀ)⊙(r r′ᵀ) + (l r′ᵀ)⊙(r l′ᵀ)]
 */
async function tracesOf(
  a: TwoLayerForm,
  b: TwoLayerForm,
  along: Matrix | undefined,
  { programs, times, signal }: Arithmetic,
): Promise<Matrix> {
  const moved = async (side: Matrix) => (along ? times(side, along) : side);
  const inputs = [await moved(a.left), await moved(a.right), b.left, b.right, a.of, b.of];
  const held = await Promise.all(inputs.map((one) => programs.load(one)));
  try {
    const program = tracesProgram(inputs.map(({ shape }) => shape));
    const tasks = [{ inputs: held.map((one) => ({ of: one, row: 0, column: 0 })) }];
    const [found] = await programs.run(program, [{ tasks }], { signal });
    return found![0]!;
  } finally {
    for (const one of held) one.release();
  }
}

function tracesProgram(shapes: readonly (readonly [number, number])[]): Program {
  const p = new ProgramBuilder();
  const [l, r, l2, r2, of, of2] = shapes.map((shape) => p.input(...shape));
  const gram = (x: typeof l, y: typeof l) => p.product(x!, y!, { transposeB: true });
  const kernel = p.sum(
    [1 / 2, p.hadamard(gram(l, l2), gram(r, r2))],
    [1 / 2, p.hadamard(gram(l, r2), gram(r, l2))],
  );
  return p.program(gram(p.product(of!, kernel), of2));
}

async function fourthOrder(
  a: TwoLayerForm,
  b: TwoLayerForm,
  traces: Matrix,
  along: Matrix | undefined,
  arithmetic: Arithmetic,
): Promise<Matrix> {
  const [rows, columns] = [a.sizes.second, b.sizes.second];
  const fourth = await cycles(a, b, along, arithmetic);
  const at = (h: number, k: number) => traces.data[h * 2 * columns + k]!;
  for (let h = 0; h < rows; h++) {
    for (let k = 0; k < columns; k++) {
      const entry = h * columns + k;
      fourth.data[entry] =
        4 * at(h, k) * at(rows + h, columns + k) +
        4 * at(h, columns + k) * at(rows + h, k) +
        16 * fourth.data[entry]!;
    }
  }
  return fourth;
}

/** tr(M_h M′_k N_h N′_k), [m2, m2′], the way round that is cheaper: it is tr(M′_k M_h N′_k N_h) as well. */
async function cycles(
  a: TwoLayerForm,
  b: TwoLayerForm,
  along: Matrix | undefined,
  arithmetic: Arithmetic,
): Promise<Matrix> {
  const { times } = arithmetic;
  const ways = [false, true].flatMap((swapped) => {
    const [through, of] = swapped ? [b, a] : [a, b];
    return (["forms", "units"] as const)
      .filter((kind) => kind === "units" || of.forms)
      .map((kind) => ({ swapped, kind, macs: cyclesMacs(through.sizes, of.sizes, kind) }));
  });
  const { swapped, kind } = ways.reduce((best, way) => (way.macs < best.macs ? way : best));
  const units = async (one: TwoLayerForm, transposeB: boolean) => {
    const own = stacked(one.left, one.right);
    return along ? times(own, along, { transposeB }) : own;
  };
  if (!swapped) return cyclesOf(a, b, await units(a, false), kind, arithmetic);
  return transpose(await cyclesOf(b, a, await units(b, true), kind, arithmetic));
}
