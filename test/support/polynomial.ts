import type { AttentionLayer, BilinearLayer, Network } from "../../src/model/index.ts";
import { looksAt } from "../../src/model/index.ts";
import type { Matrix, Numbers } from "../../src/tensor/index.ts";

/** A polynomial, coefficients by the exponents of its variables as digits: 2 + 1 · 32² is x₀² x₂. */
export type Polynomial = ReadonlyMap<number, number>;

/** Above every exponent, so that digits of a product are those of its factors added up. */
const base = 32;

/** The outputs of a network without rotary embedding, by its definition, one polynomial a position and output. */
export function polynomials(network: Network, dIn: number): Polynomial[][] {
  const { layers, nContext = 1 } = network;
  const constant = (value: number): Polynomial => new Map([[0, value]]);
  let wire = Array.from({ length: nContext }, (_, t) =>
    Array.from({ length: dIn }, (_, i): Polynomial => new Map([[base ** (t * dIn + i), 1]])),
  );
  const affine = (x: readonly Polynomial[], weight: Matrix, bias?: Numbers) =>
    Array.from({ length: weight.shape[0] }, (_, o) =>
      sum([
        ...x.map((entry, i) => times(constant(weight.data[o * weight.shape[1] + i]!), entry)),
        constant(bias?.[o] ?? 0),
      ]),
    );
  const passed = (
    x: readonly Polynomial[],
    y: readonly Polynomial[],
    { residual = 0, gain = 1 }: BilinearLayer | AttentionLayer,
  ) =>
    y.map((entry, i) =>
      sum([times(constant(gain), entry), ...(residual ? [times(constant(residual), x[i]!)] : [])]),
    );
  for (const layer of layers) {
    if (layer.kind === "linear") {
      wire = wire.map((x) => affine(x, layer.weight, layer.bias));
    } else if (layer.kind === "bilinear") {
      wire = wire.map((x) => {
        const left = affine(x, layer.left, layer.leftBias);
        const right = affine(x, layer.right, layer.rightBias);
        const products = left.map((entry, h) => times(entry, right[h]!));
        return passed(x, affine(products, layer.down, layer.downBias), layer);
      });
    } else {
      const width = layer.query1.shape[0] / layer.heads;
      const legs = wire.map((x) => ({
        q1: affine(x, layer.query1, layer.query1Bias),
        k1: affine(x, layer.key1, layer.key1Bias),
        q2: affine(x, layer.query2, layer.query2Bias),
        k2: affine(x, layer.key2, layer.key2Bias),
        v: affine(x, layer.value),
      }));
      const dot = (a: readonly Polynomial[], b: readonly Polynomial[], head: number) =>
        sum(a.flatMap((entry, i) => (Math.floor(i / width) === head ? [times(entry, b[i]!)] : [])));
      wire = wire.map((x, t) => {
        const z =
          x.length === 0
            ? []
            : legs[t]!.v.map((_, i) => {
                const head = Math.floor(i / width);
                const terms = legs.flatMap(({ k1, k2, v }, u) => {
                  if (!looksAt(layer.mask, t, u)) return [];
                  const scores = times(dot(legs[t]!.q1, k1, head), dot(legs[t]!.q2, k2, head));
                  return [times(constant(1 / width ** 2), times(scores, v[i]!))];
                });
                return sum(terms);
              });
        return passed(x, affine(z, layer.output), layer);
      });
    }
  }
  return wire;
}

/** E[Σ p·q] over independent normal variables with these means, and the sum of the sizes of its terms. */
export function expectation(
  p: readonly (readonly Polynomial[])[],
  q: readonly (readonly Polynomial[])[],
  means: readonly number[],
): { value: number; size: number } {
  let [value, size] = [0, 1];
  for (const [t, outputs] of p.entries()) {
    for (const [o, f] of outputs.entries()) {
      for (const [exponents, coefficient] of times(f, q[t]![o]!)) {
        let term = coefficient;
        for (let [rest, i] = [exponents, 0]; rest > 0; rest = Math.floor(rest / base), i++) {
          term *= moment(rest % base, means[i % means.length]!);
        }
        value += term;
        size += Math.abs(term);
      }
    }
  }
  return { value, size };
}

/** E[(w + μ)^k] = μ E[(w + μ)^(k−1)] + (k − 1) E[(w + μ)^(k−2)] */
function moment(k: number, mean: number): number {
  if (k === 0) return 1;
  return mean * moment(k - 1, mean) + (k > 1 ? (k - 1) * moment(k - 2, mean) : 0);
}

function sum(terms: readonly Polynomial[]): Polynomial {
  const total = new Map<number, number>();
  for (const term of terms) {
    for (const [exponents, value] of term) {
      total.set(exponents, (total.get(exponents) ?? 0) + value);
    }
  }
  return total;
}

function times(a: Polynomial, b: Polynomial): Polynomial {
  const product = new Map<number, number>();
  for (const [x, value] of a) {
    if (value === 0) continue;
    for (const [y, other] of b) product.set(x + y, (product.get(x + y) ?? 0) + value * other);
  }
  return product;
}
