import {
  type BilinearLayer,
  type Network,
  type Substitution,
  standardForm,
} from "../../model/index.ts";
import { type HeldMatrix, identity, type Matrix, matrix, scaled } from "../../tensor/index.ts";
import { type Arithmetic, applied, float64 } from "../closure/arithmetic.ts";
import { lowOrders, type Sides } from "./low-orders.ts";
import { condensed, reduced, stacked } from "./reduced.ts";
import { cheapest, preparationCost, type TwoLayerSizes } from "./two-layer-cost.ts";

/**
 * A network of two bilinear layers as a polynomial of w ~ N(0, I) of dimension d. The two sides of hidden
 * unit h of the second layer are quadratic,
 *
 *     A_h = c_h + g_h·w + (wᵀ M_h w − tr M_h),   B_h = b_h + e_h·w + (wᵀ N_h w − tr N_h)
 *
 * and so f = order0 + order1·w + … in parts orthogonal under w, of which those of order 3 and 4 stay
 * products: f_o = F0[o] + F1[o] + F2[o] + Σ_h down[o, h] (orders 3 and 4 of A_h B_h).
 */
export interface TwoLayerForm extends Sides {
  readonly sizes: TwoLayerSizes;
  /** [d, inputs]: directions of the inputs that are the coordinates w; undefined for the inputs themselves. */
  readonly basis: Matrix | undefined;
  /** [2 m2 · d, d]: the M_h one above the other, then the N_h; undefined where they are not needed. */
  readonly forms: HeldMatrix | undefined;
  /** The same as [2 m2, d · d]; undefined where there is no linear part. */
  readonly flat: HeldMatrix | undefined;
  /** [out, m2] */
  readonly down: Matrix;
  /** [out], [out, d], [out, d · d]: parts of f of orders 0, 1 and 2. */
  readonly order0: Float64Array;
  readonly order1: Matrix;
  readonly order2: Matrix;
}

/** @throws {RangeError} when the form would take more than 2 GiB */
export async function twoLayerForm(
  network: Network,
  given: Substitution | undefined,
  arithmetic: Arithmetic,
): Promise<TwoLayerForm> {
  const { times, programs } = arithmetic;
  const { network: narrow, substitution, basis } = await reduced(network, given, arithmetic);
  const last = narrow.layers.findLastIndex(({ kind }) => kind === "bilinear");
  const layer = narrow.layers[last] as BilinearLayer;
  const y = condensed(standardForm({ layers: narrow.layers.slice(0, last) }, substitution));
  const tail = await tailOf(layer, narrow.layers.slice(last + 1), arithmetic);
  const [m1, d] = y.left.shape;
  const m2 = layer.left.shape[0];
  const sizes: TwoLayerSizes = {
    inputs: d,
    first: m1,
    second: m2,
    outputs: tail.down.shape[0],
    linear: y.linear.data.some((entry: number) => entry !== 0),
  };
  checkSize(sizes);

  const means = meansOf(y);
  const readers = stacked(float64(layer.left), float64(layer.right));
  const biases = [layer.leftBias, layer.rightBias].flatMap((bias) =>
    Array.from(bias ?? new Float64Array(m2)),
  );
  const sides: Sides = {
    left: float64(y.left),
    right: float64(y.right),
    of: await times(readers, y.down),
    linear: await times(readers, y.linear),
    mean: applied(readers, means, biases),
  };
  const order0 = tail.bias;
  const order1 = matrix(sizes.outputs, d);
  const order2 = matrix(sizes.outputs, d * d);
  const forms = matrix(2 * m2 * d, d);
  for await (const { from, ...parts } of lowOrders(sides, arithmetic)) {
    const down = columnsOf(tail.down, from, parts.zeroth.length);
    add(order0, applied(down, parts.zeroth));
    add(order1.data, (await times(down, parts.first)).data);
    add(order2.data, (await times(down, parts.second)).data);
    forms.data.set(parts.leftForms.data, from * d * d);
    forms.data.set(parts.rightForms.data, (m2 + from) * d * d);
  }
  if (tail.residual) {
    add(order0, applied(tail.residual, means));
    add(order1.data, (await times(tail.residual, y.linear)).data);
    await addForms(order2, y, await times(tail.residual, y.down), arithmetic);
  }
  const needed = cheapest(sizes, sizes).through === "forms";
  return {
    ...sides,
    sizes,
    basis,
    forms: needed ? await programs.load(forms) : undefined,
    flat: sizes.linear ? await programs.load(matrix(2 * m2, d * d, forms.data)) : undefined,
    down: tail.down,
    order0,
    order1,
    order2,
  };
}

/** What follows the units of the last bilinear layer, and its residual where there is one, as linear maps. */
interface Tail {
  /** [out, m2] */
  readonly down: Matrix;
  /** [out] */
  readonly bias: Float64Array;
  /** [out, wire] */
  readonly residual: Matrix | undefined;
}

async function tailOf(
  { down, downBias, residual = 0, gain = 1 }: BilinearLayer,
  after: Network["layers"],
  { times }: Arithmetic,
): Promise<Tail> {
  const width = down.shape[0];
  let tail: Tail = {
    down: scaled(down, gain),
    bias: Float64Array.from(downBias ?? new Float64Array(width), (entry) => gain * entry),
    residual: residual === 0 ? undefined : scaled(identity(width), residual),
  };
  for (const layer of after) {
    if (layer.kind !== "linear") continue;
    const weight = float64(layer.weight);
    tail = {
      down: await times(weight, tail.down),
      bias: applied(weight, tail.bias, layer.bias),
      residual: tail.residual && (await times(weight, tail.residual)),
    };
  }
  return tail;
}

/** E[y], each Σ_p down[o, p] l_p·r_p above its constant. */
function meansOf({ constant, left, right, down }: ReturnType<typeof standardForm>): Float64Array {
  const [m, d] = left.shape;
  const traces = Float64Array.from({ length: m }, (_, p) => {
    let sum = 0;
    for (let i = p * d; i < (p + 1) * d; i++) sum += left.data[i]! * right.data[i]!;
    return sum;
  });
  return applied(down, traces, constant);
}

/** Adds Σ_p of[o, p] sym(l_p r_pᵀ) to row o of [out, d · d]. */
async function addForms(
  to: Matrix,
  { left, right }: Pick<Sides, "left" | "right">,
  of: Matrix,
  { times, pause }: Arithmetic,
): Promise<void> {
  const [m, d] = left.shape;
  for (let o = 0; o < of.shape[0]; o++) {
    const factors = of.data.subarray(o * m, (o + 1) * m);
    const taken = Float64Array.from(left.data, (entry, at) => entry * factors[Math.floor(at / d)]!);
    const { data } = await times(matrix(m, d, taken), right, { transposeA: true });
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        to.data[(o * d + i) * d + j]! += (data[i * d + j]! + data[j * d + i]!) / 2;
      }
    }
    await pause();
  }
}

function columnsOf({ shape: [rows, all], data }: Matrix, from: number, count: number): Matrix {
  const found = matrix(rows, count);
  for (let i = 0; i < rows; i++) {
    found.data.set(data.subarray(i * all + from, i * all + from + count), i * count);
  }
  return found;
}

function add(to: Matrix["data"], term: Matrix["data"]): void {
  for (let i = 0; i < to.length; i++) to[i]! += term[i]!;
}

function checkSize(sizes: TwoLayerSizes): void {
  const { bytes } = preparationCost(sizes);
  if (bytes <= 2 ** 31) return;
  throw new RangeError(
    `Cannot expand a network of two bilinear layers: expected at most 2 GiB of coefficients, found ${(bytes / 2 ** 30).toFixed(1)} GiB for ${sizes.inputs} inputs, ${sizes.second} units and ${sizes.outputs} outputs; "closure" takes any size`,
  );
}
