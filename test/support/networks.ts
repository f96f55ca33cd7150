import fc from "fast-check";
import type {
  AttentionLayer,
  BilinearLayer,
  Layer,
  LinearLayer,
  Mask,
  Network,
} from "../../src/model/index.ts";
import { type Matrix, matrix } from "../../src/tensor/index.ts";

/** Whole numbers from -3 to 3: products and sums of a few of them round nothing, so tests compare with toBe. */
const entry = fc.integer({ min: -3, max: 3 }).map((value) => value + 0);
const size = fc.integer({ min: 1, max: 3 });

export function matrices(rows: number, columns: number): fc.Arbitrary<Matrix> {
  return numbers(rows * columns).map((data) => matrix(rows, columns, data));
}

export function numbers(length: number): fc.Arbitrary<Float64Array> {
  return fc
    .array(entry, { minLength: length, maxLength: length })
    .map((data) => Float64Array.from(data));
}

/** What may be in a drawn layer. */
export interface Parts {
  readonly biases?: boolean;
  readonly residual?: boolean;
}

export function linear(
  dIn: number,
  dOut: number,
  { biases = true }: Parts = {},
): fc.Arbitrary<LinearLayer> {
  return fc
    .record({ weight: matrices(dOut, dIn), bias: fc.option(numbers(dOut)) })
    .map(({ weight, bias }) => ({
      kind: "linear",
      weight,
      ...(biases && bias ? { bias } : {}),
    }));
}

export function bilinear(
  dIn: number,
  dOut: number,
  { biases = true, residual = true }: Parts = {},
): fc.Arbitrary<BilinearLayer> {
  return size.chain((hidden) =>
    fc
      .record({
        left: matrices(hidden, dIn),
        right: matrices(hidden, dIn),
        down: matrices(dOut, hidden),
        leftBias: fc.option(numbers(hidden)),
        rightBias: fc.option(numbers(hidden)),
        downBias: fc.option(numbers(dOut)),
        residual: fc.constantFrom(0, 1, -2),
        gain: fc.constantFrom(1, 2),
      })
      .map(({ leftBias, rightBias, downBias, residual: through, ...layer }) => ({
        kind: "bilinear" as const,
        ...layer,
        ...(biases && leftBias ? { leftBias } : {}),
        ...(biases && rightBias ? { rightBias } : {}),
        ...(biases && downBias ? { downBias } : {}),
        ...(residual && dIn === dOut ? { residual: through } : {}),
      })),
  );
}

/** Heads of width 1 or 2, so that dividing by the width rounds nothing; rotation would, so there is none. */
export function attention(
  dIn: number,
  dOut: number,
  { biases = true, residual = true }: Parts = {},
): fc.Arbitrary<AttentionLayer> {
  return fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 2)).chain(([heads, width]) => {
    const [rows, bias] = [heads * width, fc.option(numbers(heads * width))];
    return fc
      .record({
        query1: matrices(rows, dIn),
        key1: matrices(rows, dIn),
        query2: matrices(rows, dIn),
        key2: matrices(rows, dIn),
        value: matrices(rows, dIn),
        output: matrices(dOut, rows),
        query1Bias: bias,
        key2Bias: bias,
        mask: fc.constantFrom<Mask>("causal", "none", "diag"),
        residual: fc.constantFrom(0, 1, -2),
        gain: fc.constantFrom(1, 2),
      })
      .map(({ query1Bias, key2Bias, residual: through, ...layer }) => ({
        kind: "attention" as const,
        heads,
        ...layer,
        ...(biases && query1Bias ? { query1Bias } : {}),
        ...(biases && key2Bias ? { key2Bias } : {}),
        ...(residual && dIn === dOut ? { residual: through } : {}),
      }));
  });
}

/**
 * Networks from `dIn` to `dOut` of layers in the order of `kinds`, e.g. `["linear", "bilinear"]`, with
 * wires of any size between.
 */
export function networks(
  kinds: readonly Layer["kind"][],
  dIn: number,
  dOut: number,
  parts?: Parts,
): fc.Arbitrary<Network> {
  return fc
    .array(size, { minLength: kinds.length - 1, maxLength: kinds.length - 1 })
    .chain((inner) => {
      const wires = [dIn, ...inner, dOut];
      const layers = kinds.map(
        (kind, k): fc.Arbitrary<Layer> =>
          ({ linear, bilinear, attention })[kind](wires[k]!, wires[k + 1]!, parts),
      );
      return fc.tuple(...layers).map((drawn) => ({ layers: drawn }));
    });
}

/** A bilinear layer of whole numbers written row by row, for cases a reader can check in the head. */
export function layer(
  [dIn, dHidden, dOut]: readonly [number, number, number],
  left: readonly number[],
  right: readonly number[],
  down: readonly number[],
): BilinearLayer {
  return {
    kind: "bilinear",
    left: matrix(dHidden, dIn, left),
    right: matrix(dHidden, dIn, right),
    down: matrix(dOut, dHidden, down),
  };
}

/** The network x ↦ x_i · x_j on two inputs. */
export function monomial(i: 0 | 1, j: 0 | 1): Network {
  const unit = (k: number) => [k === 0 ? 1 : 0, k === 1 ? 1 : 0];
  return { layers: [layer([2, 1, 1], unit(i), unit(j), [1])] };
}
