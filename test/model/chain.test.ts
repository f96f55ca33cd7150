import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ChainPlan,
  chainOf,
  chainPlan,
  type Layer,
  type Network,
  needsPadding,
  outputs,
} from "../../src/model/index.ts";
import { type Chain, type Matrix, matrix, product, transpose } from "../../src/tensor/index.ts";
import { layer, matrices, networks } from "../support/networks.ts";

const L = "linear";
const B = "bilinear";
const stacks: readonly Layer["kind"][][] = [
  [B],
  [L, B],
  [B, L],
  [L, L, B, L, L],
  [B, B],
  [L, B, L, B, L],
  [L],
  [L, L],
];
const plans = [false, true].flatMap((padded) =>
  [false, true].flatMap((lead) => [false, true].map((head): ChainPlan => ({ padded, lead, head }))),
);

describe.for(stacks)("a network of layers %s", (kinds) => {
  test.for(plans)("is its chain, $padded $lead $head", (plan) => {
    const parts = { biases: plan.padded, residual: plan.padded };
    fc.assert(
      fc.property(networks(kinds, 2, 2, parts), matrices(3, 2), (network, inputs) => {
        const chain = chainOf(network, plan);
        const found = applied(chain, plan.padded ? withOne(inputs) : inputs);
        expect(plain(found)).toEqual(plain(outputs(network, inputs)));
      }),
      { numRuns: 20 },
    );
  });
});

test("chainOf(network, plan) has the steps that the plan names", () => {
  const network: Network = { layers: [layer([2, 1, 1], [1, 0], [0, 1], [1])] };
  const kindsOf = (plan: ChainPlan) => chainOf(network, plan).steps.map(({ kind }) => kind);
  expect(kindsOf({ padded: false, lead: false, head: false })).toEqual([B]);
  expect(kindsOf({ padded: false, lead: true, head: true })).toEqual([L, B, L]);
});

test("chainOf without padding drops biases and residual, and keeps the gain", () => {
  const one = layer([1, 1, 1], [1], [1], [1]);
  const network: Network = {
    layers: [{ ...one, gain: 3, residual: 5, downBias: Float64Array.of(7) }],
  };
  const chain = chainOf(network, { padded: false, lead: false, head: false });
  expect(plain(applied(chain, matrix(1, 1, [2])))).toEqual([12]);
});

test("needsPadding(network) is true for any bias and for a residual", () => {
  const plainLayer = layer([1, 1, 1], [1], [1], [1]);
  const bias = Float64Array.of(0);
  expect(needsPadding({ layers: [plainLayer, { ...plainLayer, residual: 0, gain: 2 }] })).toBe(
    false,
  );
  for (const name of ["leftBias", "rightBias", "downBias"]) {
    expect(needsPadding({ layers: [plainLayer, { ...plainLayer, [name]: bias }] })).toBe(true);
  }
  expect(needsPadding({ layers: [{ ...plainLayer, residual: 1 }] })).toBe(true);
  expect(needsPadding({ layers: [{ kind: L, weight: matrix(1, 1, [1]), bias }] })).toBe(true);
});

test.for([
  { dIn: 1000, d: 8, m: 16, dOut: 2, lead: true, head: false, why: "many inputs, a narrow wire" },
  { dIn: 8, d: 8, m: 16, dOut: 2, lead: false, head: false, why: "few inputs" },
  { dIn: 8, d: 8, m: 64, dOut: 1000, lead: false, head: true, why: "many outputs, a narrow wire" },
])("chainPlan keeps lead $lead and head $head for $why", ({ dIn, d, m, dOut, lead, head }) => {
  const network: Network = {
    layers: [
      { kind: L, weight: matrix(d, dIn) },
      { kind: B, left: matrix(m, d), right: matrix(m, d), down: matrix(d, m) },
      { kind: L, weight: matrix(dOut, d) },
    ],
  };
  expect(chainPlan([network], false)).toEqual({ padded: false, lead, head });
});

test("chainPlan has nothing to keep when there are no linear maps, or nothing else", () => {
  const bare: Network = { layers: [layer([1, 1, 1], [1], [1], [1])] };
  const linear: Network = { layers: [{ kind: L, weight: matrix(1, 1000) }] };
  for (const network of [bare, linear]) {
    expect(chainPlan([network], true)).toEqual({ padded: true, lead: false, head: false });
  }
});

/** The chain as a function of its input rows: [N, in] → [N, out]. */
function applied(chain: Chain, inputs: Matrix): Matrix {
  return chain.steps.reduce((x, step) => {
    if (step.kind === "linear") return product(x, transpose(step.weight));
    const left = product(x, transpose(step.left));
    const right = product(x, transpose(step.right));
    const hidden = matrix(
      ...left.shape,
      left.data.map((entry, i) => entry * right.data[i]!),
    );
    return product(hidden, transpose(step.down));
  }, inputs);
}

function withOne({ shape: [rows, columns], data }: Matrix): Matrix {
  const rowsWithOne = Array.from({ length: rows }, (_, n) => [
    1,
    ...data.subarray(n * columns, (n + 1) * columns),
  ]);
  return matrix(rows, columns + 1, rowsWithOne.flat());
}

/** Entries with −0 as 0, so that toEqual compares values. */
function plain({ data }: Matrix): number[] {
  return Array.from(data, (entry) => entry + 0);
}
