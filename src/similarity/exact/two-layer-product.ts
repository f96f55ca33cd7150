import { type Matrix, matrix } from "../../tensor/index.ts";
import { type Arithmetic, diagonalOf } from "../closure/arithmetic.ts";
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
  const fourth = await fourthOrder(a, b, await tracesOf(a, b, arithmetic), arithmetic);
  const slices = await downwards(a, b, fourth, arithmetic);
  return slices.map((slice) => slice / 24);
}

/**
 * E[f_a·f_b], output by output. Parts of different order are orthogonal; by Wick's theorem
 *
 *     F0 F0′ + F1·F1′ + 2 ⟨F2, F2′⟩ + Σ_hk down_a[o, h] down_b[o, k] (E3[h, k] + E4[h, k])
 *     E3 = Σ of 2 (g·g′) tr(N N′) + 4 (N g′)·(N′ g) over (g, N), (e, M) of a and of b
 *     E4 = 4 tr(M M′) tr(N N′) + 4 tr(M N′) tr(N M′) + 16 tr(M M′ N N′)
 */
export async function gaussianSlices(
  a: TwoLayerForm,
  b: TwoLayerForm,
  arithmetic: Arithmetic,
): Promise<Float64Array> {
  const traces = await tracesOf(a, b, arithmetic);
  const high = await fourthOrder(a, b, traces, arithmetic);
  const third = await thirdOrder(a, b, traces, arithmetic);
  for (let i = 0; third && i < high.data.length; i++) high.data[i]! += third.data[i]!;
  const slices = await downwards(a, b, high, arithmetic);
  const [first, second] = [
    await diagonalOf(a.order1, b.order1),
    await diagonalOf(a.order2, b.order2),
  ];
  return slices.map(
    (slice, o) => slice + a.order0[o]! * b.order0[o]! + first.data[o]! + 2 * second.data[o]!,
  );
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

/** tr(M M′), tr(N N′), tr(M N′), tr(N M′) of every pair of units, [m2, m2′]. */
interface Traces {
  readonly mm: Matrix;
  readonly nn: Matrix;
  readonly mn: Matrix;
  readonly nm: Matrix;
}

async function tracesOf(
  a: TwoLayerForm,
  b: TwoLayerForm,
  { times, pause }: Arithmetic,
): Promise<Traces> {
  const flat = ({ data }: Matrix, units: number) => matrix(units, data.length / units, data);
  const [unitsA, unitsB] = [a.down.shape[1], b.down.shape[1]];
  const of = async (x: Matrix, y: Matrix) => {
    await pause();
    return times(flat(x, unitsA), flat(y, unitsB), { transposeB: true });
  };
  return {
    mm: await of(a.left, b.left),
    nn: await of(a.right, b.right),
    mn: await of(a.left, b.right),
    nm: await of(a.right, b.left),
  };
}

async function fourthOrder(
  a: TwoLayerForm,
  b: TwoLayerForm,
  { mm, nn, mn, nm }: Traces,
  arithmetic: Arithmetic,
): Promise<Matrix> {
  const cycles = await cyclesOf(a, b, arithmetic);
  for (let i = 0; i < cycles.data.length; i++) {
    cycles.data[i] =
      4 * mm.data[i]! * nn.data[i]! + 4 * mn.data[i]! * nm.data[i]! + 16 * cycles.data[i]!;
  }
  return cycles;
}

/**
 * tr(M_h M′_k N_h N′_k), [m2, m2′], through the units of a's first layer, which all M_h and N_h share: with
 * V = [l; r], Y = V M′_k Vᵀ and Y′ = V N′_k Vᵀ in blocks,
 *
 *     Z = ¼ (Y_rl ⊙ Y′_lr + Y_rr ⊙ Y′_ll + Y_ll ⊙ Y′_rr + Y_lr ⊙ Y′_rl),   column k = rowsum((leftOf Z) ⊙ rightOf)
 *
 * in m2′ m1² (m2 + 8 d) multiplications, where products of d × d matrices would take 2 m2 m2′ d³.
 */
async function cyclesOf(
  a: TwoLayerForm,
  b: TwoLayerForm,
  { times, pause }: Arithmetic,
): Promise<Matrix> {
  const { sides, leftOf, rightOf } = a;
  const d = sides.shape[1];
  const [units, hidden] = leftOf.shape;
  const others = b.down.shape[1];
  const cycles = matrix(units, others);
  const through = async ({ data }: Matrix, k: number) => {
    const form = matrix(d, d, data.subarray(k * d * d, (k + 1) * d * d));
    return times(await times(sides, form), sides, { transposeB: true });
  };
  for (let k = 0; k < others; k++) {
    const joined = joinedUnits(await through(b.left, k), await through(b.right, k), hidden);
    const column = await diagonalOf(await times(leftOf, joined), rightOf);
    for (let h = 0; h < units; h++) cycles.data[h * others + k] = column.data[h]!;
    await pause();
  }
  return cycles;
}

/** Z of {@link cyclesOf}; Y and Y′ are symmetric. */
function joinedUnits({ data: y }: Matrix, { data: z }: Matrix, hidden: number): Matrix {
  const joined = matrix(hidden, hidden);
  const columns = 2 * hidden;
  const below = hidden * columns;
  for (let p = 0; p < hidden; p++) {
    for (let q = 0; q < hidden; q++) {
      const ll = p * columns + q;
      const [lr, rl, rr] = [ll + hidden, ll + below, ll + below + hidden];
      joined.data[p * hidden + q] =
        (y[rl]! * z[lr]! + y[rr]! * z[ll]! + y[ll]! * z[rr]! + y[lr]! * z[rl]!) / 4;
    }
  }
  return joined;
}

/** E3, [m2, m2′]; undefined when a network has no linear part for it. */
async function thirdOrder(
  a: TwoLayerForm,
  b: TwoLayerForm,
  { mm, nn, mn, nm }: Traces,
  { times, pause }: Arithmetic,
): Promise<Matrix | undefined> {
  const none = ({ leftLinear, rightLinear }: TwoLayerForm) =>
    [leftLinear, rightLinear].every(({ data }) => data.every((entry: number) => entry === 0));
  if (none(a) || none(b)) return undefined;
  const [units, d] = a.leftLinear.shape;
  const others = b.leftLinear.shape[0];
  const sum = matrix(units, others);
  // Each vector goes with the matrix of the other side of its unit.
  const ofA = {
    g: { vector: a.leftLinear, form: a.right },
    e: { vector: a.rightLinear, form: a.left },
  };
  const ofB = {
    g: { vector: b.leftLinear, form: b.right },
    e: { vector: b.rightLinear, form: b.left },
  };
  const terms = [
    [ofA.g, ofB.g, nn],
    [ofA.g, ofB.e, nm],
    [ofA.e, ofB.g, mn],
    [ofA.e, ofB.e, mm],
  ] as const;
  for (const [x, y, trace] of terms) {
    const dots = await times(x.vector, y.vector, { transposeB: true });
    // [m2 · d, m2′] and [m2′ · d, m2]: form · vector of the other.
    const there = await times(x.form, y.vector, { transposeB: true });
    const back = await times(y.form, x.vector, { transposeB: true });
    for (let h = 0; h < units; h++) {
      for (let k = 0; k < others; k++) {
        let dot = 0;
        for (let i = 0; i < d; i++) {
          dot += there.data[(h * d + i) * others + k]! * back.data[(k * d + i) * units + h]!;
        }
        const at = h * others + k;
        sum.data[at]! += 2 * dots.data[at]! * trace.data[at]! + 4 * dot;
      }
      await pause();
    }
  }
  return sum;
}
