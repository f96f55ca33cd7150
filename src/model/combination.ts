import { type Matrix, matrix, ShapeError, scaled } from "../tensor/index.ts";
import { checkNetwork } from "./check.ts";
import type { BilinearLayer, Network } from "./network.ts";
import { type StandardForm, standardForm } from "./standard-form.ts";

/** A network and how many times it is taken. */
export interface Term {
  readonly network: Network;
  readonly factor: number;
}

/**
 * The network x ↦ f_a(x) − f_b(x), see {@link combination}. Compare others with it to see what a has that b
 * has not.
 *
 * @throws {ShapeError} as {@link combination}
 */
export function difference(a: Network, b: Network): Network {
  return combination([
    { network: a, factor: 1 },
    { network: b, factor: -1 },
  ]);
}

/**
 * The network x ↦ Σ factor · f(x) of networks of one bilinear layer, exact: an ordinary network of one
 * bilinear layer that has the hidden units of all of them, and where they have biases or residuals one more
 * unit (p₁·x)(0·x + 1) for each output. Hidden and wire sizes may differ.
 *
 * @throws {ShapeError} when a network has not exactly one bilinear layer, dIn or dOut differ, or there are none
 * @throws {RangeError} when a factor is not finite
 */
export function combination(terms: readonly Term[]): Network {
  const [first] = terms;
  if (!first) throw new ShapeError("Cannot combine networks: expected at least 1, found 0");
  const expected = checkNetwork(first.network);
  const forms = terms.map(({ network, factor }, k) => {
    const { dIn, dOut } = checkNetwork(network);
    if (dIn !== expected.dIn || dOut !== expected.dOut) {
      throw new ShapeError(
        `Cannot combine networks: expected ${expected.dIn} inputs and ${expected.dOut} outputs as network 0 has, found ${dIn} and ${dOut} of network ${k}`,
      );
    }
    if (!Number.isFinite(factor)) {
      throw new RangeError(
        `Cannot combine networks: expected a finite factor of network ${k}, found ${factor}`,
      );
    }
    return times(standardForm(network), factor);
  });
  return networkOf({
    constant: sum(forms.map(({ constant }) => constant)),
    linear: matrix(expected.dOut, expected.dIn, sum(forms.map(({ linear }) => linear.data))),
    left: stacked(forms.map(({ left }) => left)),
    right: stacked(forms.map(({ right }) => right)),
    down: beside(forms.map(({ down }) => down)),
  });
}

function times(form: StandardForm, factor: number): StandardForm {
  return {
    ...form,
    constant: form.constant.map((entry) => factor * entry),
    linear: scaled(form.linear, factor),
    down: scaled(form.down, factor),
  };
}

/** The network that has a standard form. */
function networkOf({ constant, linear, left, right, down }: StandardForm): Network {
  const [dOut, dIn] = linear.shape;
  const hidden = left.shape[0];
  const downBias = constant.some((entry) => entry !== 0) ? { downBias: constant } : {};
  if (linear.data.every((entry: number) => entry === 0)) {
    return { layers: [{ kind: "bilinear", left, right, down, ...downBias }] };
  }
  const each = matrix(dOut, dOut);
  for (let o = 0; o < dOut; o++) each.data[o * dOut + o] = 1;
  const layer: BilinearLayer = {
    kind: "bilinear",
    left: stacked([left, linear]),
    right: stacked([right, matrix(dOut, dIn)]),
    down: beside([down, each]),
    rightBias: Float64Array.from({ length: hidden + dOut }, (_, h) => (h < hidden ? 0 : 1)),
    ...downBias,
  };
  return { layers: [layer] };
}

function sum(all: readonly Matrix["data"][]): Float64Array {
  const total = new Float64Array(all[0]!.length);
  for (const one of all) for (let i = 0; i < total.length; i++) total[i]! += one[i]!;
  return total;
}

/** One below the other: [Σ rows, columns]. */
function stacked(all: readonly Matrix[]): Matrix {
  const columns = all[0]!.shape[1];
  const rows = all.reduce((count, { shape }) => count + shape[0], 0);
  const data = new Float64Array(rows * columns);
  let at = 0;
  for (const one of all) {
    data.set(one.data, at);
    at += one.data.length;
  }
  return matrix(rows, columns, data);
}

/** One right of the other: [rows, Σ columns]. */
function beside(all: readonly Matrix[]): Matrix {
  const rows = all[0]!.shape[0];
  const columns = all.reduce((count, { shape }) => count + shape[1], 0);
  const result = matrix(rows, columns);
  let from = 0;
  for (const { shape, data } of all) {
    for (let i = 0; i < rows; i++) {
      const row = data.subarray(i * shape[1], (i + 1) * shape[1]);
      result.data.set(row, i * columns + from);
    }
    from += shape[1];
  }
  return result;
}
