import { expect, test } from "vitest";
import { referenceEngine } from "../../../src/engine/index.ts";
import type { Network } from "../../../src/model/index.ts";
import { randomBilinear } from "../../../src/model/index.ts";
import {
  type Choice,
  type Explanation,
  explain,
  explanationText,
  innerProduct,
  type Metric,
} from "../../../src/similarity/index.ts";
import { matrix, numbers } from "../../../src/tensor/index.ts";
import { layer } from "../../support/networks.ts";

const rates = { product: 1e9, gemm: 1e9, call: 1e-5 };
const engine = referenceEngine();

const shallow = randomBilinear({ dIn: 5, dHidden: 4, dOut: 3, seed: 1 });
const deep: Network = {
  layers: [layer([2, 2, 2], [1, 2, 3, 4], [1, 0, 0, 1], [1, 0, 0, 1]), ...shallowOn2().layers],
};
const wideDeep: Network = {
  layers: [30, 30, 30].map((d) => randomBilinear({ dIn: d, dHidden: 2, dOut: 30 }).layers[0]!),
};
const six = () => matrix(4, 6, numbers(24).fill(1));
const heads: Network = {
  layers: [
    {
      kind: "attention",
      heads: 2,
      query1: six(),
      key1: six(),
      query2: six(),
      key2: six(),
      value: six(),
      output: matrix(6, 4, numbers(24).fill(1)),
    },
  ],
  nContext: 3,
};

function shallowOn2(): Network {
  return randomBilinear({ dIn: 2, dHidden: 3, dOut: 2, seed: 2 });
}

function applying({ choices }: Explanation): string[] {
  return choices.filter(({ applies }) => applies).map(({ measure }) => measure);
}

function the(measure: string, { choices }: Explanation): Choice {
  return choices.find((choice) => choice.measure === measure)!;
}

test.for([
  [
    "one bilinear layer",
    shallow,
    "symmetric",
    "symmetric frobenius padded gaussian recursion frobenius-recursion closure exact-gaussian exact-symmetric weight-cosine monte-carlo",
  ],
  [
    "two bilinear layers",
    deep,
    "recursion",
    "recursion frobenius-recursion closure exact-gaussian exact-symmetric weight-cosine monte-carlo",
  ],
  [
    "three bilinear layers of many inputs",
    wideDeep,
    "recursion",
    "recursion frobenius-recursion closure weight-cosine monte-carlo",
  ],
  ["one layer of attention", heads, "closure", "closure exact-gaussian weight-cosine monte-carlo"],
] as const)(
  "explain(%s) tells what applies and what is chosen",
  async ([, network, chosen, all]) => {
    const explanation = await explain(network, network, { engine, rates });
    expect(explanation.chosen.measure).toBe(chosen);
    const names = all.split(" ").map((name) => name.replace("-", " "));
    expect(applying(explanation).sort()).toEqual(names.sort());
    for (const choice of explanation.choices) {
      if (!choice.applies) expect(choice.why).toMatch(/^Cannot .+: expected .+, found /);
    }
  },
);

test("what applies computes, and what does not is refused with the same words", async () => {
  for (const network of [shallow, deep, wideDeep]) {
    for (const choice of (await explain(network, network, { engine, rates })).choices) {
      if (choice.measure === "weight cosine" || choice.measure === "monte carlo") continue;
      const metric: Metric = choice.measure;
      const result = innerProduct(network, network, { engine, metric });
      if (choice.applies) {
        const { exact, exactFor } = await result;
        expect({ exact, exactFor }).toEqual({ exact: choice.exact, exactFor: choice.exactFor });
      } else {
        const words = choice.why.slice(choice.why.indexOf("expected"));
        await expect(result).rejects.toThrow(words.slice(0, words.indexOf(", found")));
      }
    }
  }
});

test("the closure of two layers is approximate, and says of what it would be exact", async () => {
  const choice = the("closure", await explain(deep, deep, { engine, rates }));
  expect(choice).toMatchObject({ applies: true, exact: false });
});

test("a plan tells route, operations, bytes and seconds", async () => {
  const { chosen } = await explain([shallow, shallow, shallow], { engine, rates });
  const pair = 8 * 4 * 4 * 5 + 2 * 4 * 4 * 3 + 2 * 4 * 3;
  expect(chosen).toMatchObject({
    applies: true,
    exact: true,
    plan: {
      route: "gram",
      engine: "reference",
      threads: 1,
      precision: "float64",
      networks: 3,
      pairs: 6,
      flops: 6 * pair,
    },
  });
});

test("networks whose ends differ are told to be incomparable in every way", async () => {
  const other = randomBilinear({ dIn: 6, dHidden: 4, dOut: 3 });
  const explanation = await explain(shallow, other, { engine, rates });
  expect(applying(explanation)).toEqual([]);
  expect(the("weight cosine", explanation)).toMatchObject({
    why: "Cannot compare the weights of networks whose tensors differ in number or shape",
  });
  expect(explanation.chosen).toMatchObject({
    applies: false,
    why: 'Cannot compare "b" with "a": expected dIn 5, found 6',
  });
});

test("an unknown metric is an error, not a choice", async () => {
  const metric = "euclidean" as Metric;
  await expect(explain(shallow, shallow, { engine, rates, metric })).rejects.toThrow(
    'Cannot compare networks by metric "euclidean": expected one of symmetric, ',
  );
});

test("float32 leaves what is computed as a recursion", async () => {
  const explanation = await explain(deep, deep, { engine, rates, precision: "float32" });
  expect(applying(explanation)).toEqual([
    "recursion",
    "frobenius recursion",
    "weight cosine",
    "monte carlo",
  ]);
  expect(the("closure", explanation)).toMatchObject({
    why: 'Cannot compare networks by metric "closure" in float32: expected float64',
  });
});

test("an explanation is plain data, and lines of text", async () => {
  const explanation = await explain([shallow, shallow, shallow], { engine, rates });
  expect(structuredClone(explanation)).toEqual(explanation);
  const lines = explanationText(explanation).split("\n");
  expect(lines[0]).toBe("3 networks, the first 5 → bilinear 4 → 3");
  expect(lines[2]).toMatch(/^Chosen: symmetric, exact for the parts of degree 2/);
  expect(lines[3]).toMatch(
    /^ {4}gram route on reference, 1 thread, float64: 6 pairs, 4\.56 kflop, [\d.]+ k?B, below a millisecond$/,
  );
  expect(lines.indexOf("Also possible:")).toBeLessThan(lines.indexOf("Not for these networks:"));
});

test("seconds are predicted with rates measured here when none are given", async () => {
  const { chosen } = await explain(shallow, shallow, { engine });
  expect(chosen.applies && chosen.plan!.seconds).toBeGreaterThan(0);
});
