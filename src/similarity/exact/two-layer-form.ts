import {
  type BilinearLayer,
  checkNetwork,
  type Network,
  type StandardForm,
  type Substitution,
  standardForm,
} from "../../model/index.ts";
import { type Matrix, matrix, scaled } from "../../tensor/index.ts";
import { type Arithmetic, applied, float64 } from "../closure/arithmetic.ts";

/**
 * A network of two bilinear layers as a polynomial of w ~ N(0, I) of dimension d. The two sides of hidden
 * unit h of the second layer are quadratic,
 *
 *     A_h = c_h + g_h·w + (wᵀ M_h w − tr M_h),   B_h = b_h + e_h·w + (wᵀ N_h w − tr N_h)
 *
 * and so f = order0 + order1·w + … in parts orthogonal under w, of which those of order 3 and 4 stay
 * products: f_o = F0[o] + F1[o] + F2[o] + Σ_h down[o, h] (orders 3 and 4 of A_h B_h).
 */
export interface TwoLayerForm {
  /** [2 m1, d]: left above right of the first layer. */
  readonly sides: Matrix;
  /** [m2, m1]: M_h = Σ_p leftOf[h, p] sym(l_p r_pᵀ), and N_h. */
  readonly leftOf: Matrix;
  readonly rightOf: Matrix;
  /** [m2 · d, d]: the M_h one above the other, and the N_h. */
  readonly left: Matrix;
  readonly right: Matrix;
  /** [m2, d]: g_h and e_h. */
  readonly leftLinear: Matrix;
  readonly rightLinear: Matrix;
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
  substitution: Substitution | undefined,
  arithmetic: Arithmetic,
): Promise<TwoLayerForm> {
  const { times, pause } = arithmetic;
  const last = network.layers.findLastIndex(({ kind }) => kind === "bilinear");
  const layer = network.layers[last] as BilinearLayer;
  const y = standardForm({ layers: network.layers.slice(0, last) }, substitution);
  const [m1, d] = y.left.shape;
  const m2 = layer.left.shape[0];
  checkSize(m2, d, checkNetwork(network).dOut);
  const squares = await symmetricParts(y, pause);
  const side = async (weight: Matrix, bias: BilinearLayer["leftBias"]) => {
    const own = float64(weight);
    const of = await times(own, y.down);
    const forms = await times(of, squares);
    const constant = applied(own, Float64Array.from(y.constant), bias);
    for (let h = 0; h < m2; h++) constant[h]! += traceAt(forms, h, d);
    return { of, forms, linear: await times(own, y.linear), constant };
  };
  const a = await side(layer.left, layer.leftBias);
  const b = await side(layer.right, layer.rightBias);
  const parts = await lowOrders(a, b, d, arithmetic);

  const { residual = 0, gain = 1 } = layer;
  let down = scaled(layer.down, gain);
  let [order1, order2] = [await times(down, parts.first), await times(down, parts.second)];
  let order0 = applied(
    down,
    parts.zeroth,
    layer.downBias?.map((entry) => gain * entry),
  );
  if (residual !== 0) {
    const wires = await times(float64(y.down), squares);
    add(order1, y.linear, residual);
    add(order2, wires, residual);
    order0 = order0.map((entry, o) => entry + residual * (y.constant[o]! + traceAt(wires, o, d)));
  }
  for (const after of network.layers.slice(last + 1)) {
    if (after.kind !== "linear") continue;
    const weight = float64(after.weight);
    down = await times(weight, down);
    order1 = await times(weight, order1);
    order2 = await times(weight, order2);
    order0 = applied(weight, order0, after.bias);
  }
  const sides = matrix(2 * m1, d);
  sides.data.set(y.left.data);
  sides.data.set(y.right.data, m1 * d);
  return {
    sides,
    leftOf: a.of,
    rightOf: b.of,
    left: matrix(m2 * d, d, a.forms.data),
    right: matrix(m2 * d, d, b.forms.data),
    leftLinear: a.linear,
    rightLinear: b.linear,
    down,
    order0,
    order1,
    order2,
  };
}

interface Side {
  /** [m2, d · d] */
  readonly forms: Matrix;
  /** [m2, d] */
  readonly linear: Matrix;
  /** [m2]: means. */
  readonly constant: Float64Array;
}

/**
 * Of every product A_h B_h the parts of order 0, 1 and 2:
 *
 *     c b + g·e + 2 tr(M N),   c e + b g + 2 (M e + N g),   c N + b M + sym(g eᵀ) + 2 (M N + N M)
 */
async function lowOrders(a: Side, b: Side, d: number, { times, pause }: Arithmetic) {
  const m2 = a.constant.length;
  const zeroth = new Float64Array(m2);
  const first = matrix(m2, d);
  const second = matrix(m2, d * d);
  for (let h = 0; h < m2; h++) {
    const at = ({ forms }: Side) => matrix(d, d, forms.data.subarray(h * d * d, (h + 1) * d * d));
    const [m, n] = [at(a), at(b)];
    const [g, e] = [a, b].map(({ linear }) =>
      Float64Array.from(linear.data.subarray(h * d, (h + 1) * d)),
    ) as [Float64Array, Float64Array];
    const [c, k] = [a.constant[h]!, b.constant[h]!];
    const mn = (await times(m, n)).data;
    const [me, ng] = [applied(m, e), applied(n, g)];
    zeroth[h] = c * k;
    for (let i = 0; i < d; i++) {
      zeroth[h]! += g[i]! * e[i]! + 2 * mn[i * d + i]!;
      first.data[h * d + i] = c * e[i]! + k * g[i]! + 2 * (me[i]! + ng[i]!);
      for (let j = 0; j < d; j++) {
        const at = i * d + j;
        second.data[h * d * d + at] =
          c * n.data[at]! +
          k * m.data[at]! +
          (g[i]! * e[j]! + e[i]! * g[j]!) / 2 +
          2 * (mn[at]! + mn[j * d + i]!);
      }
    }
    await pause();
  }
  return { zeroth, first, second };
}

/** sym(l_p r_pᵀ) of every unit p, [m1, d · d]. */
async function symmetricParts(
  { left, right }: StandardForm,
  pause: () => Promise<void>,
): Promise<Matrix> {
  const [units, d] = left.shape;
  const parts = matrix(units, d * d);
  for (let p = 0; p < units; p++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        const [li, lj] = [left.data[p * d + i]!, left.data[p * d + j]!];
        const [ri, rj] = [right.data[p * d + i]!, right.data[p * d + j]!];
        parts.data[(p * d + i) * d + j] = (li * rj + lj * ri) / 2;
      }
    }
    await pause();
  }
  return parts;
}

function traceAt({ data }: Matrix, row: number, d: number): number {
  let trace = 0;
  for (let i = 0; i < d; i++) trace += data[row * d * d + i * (d + 1)]!;
  return trace;
}

function add(to: Matrix, term: Matrix, factor: number): void {
  for (let i = 0; i < to.data.length; i++) to.data[i]! += factor * term.data[i]!;
}

function checkSize(units: number, d: number, dOut: number): void {
  const bytes = 8 * d * d * (2 * units + dOut);
  if (bytes <= 2 ** 31) return;
  throw new RangeError(
    `Cannot expand a network of two bilinear layers: expected at most 2 GiB of coefficients, found ${(bytes / 2 ** 30).toFixed(1)} GiB for ${d} inputs, ${units} units and ${dOut} outputs; "closure" takes any size`,
  );
}
