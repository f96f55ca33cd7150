import { expect, test } from "vitest";
import { knownText } from "../../../kernel/rich/known.ts";

const tensors = (count: number) =>
  new Map(
    Array.from({ length: count }, (_, i) => [`t${i}`, { type: "float32", shape: [2, i] }] as const),
  );

test("a checkpoint is its source, its step and its tensors, the first 30 by name", () => {
  expect(knownText({ source: "a.npz", step: 1_000, tensors: tensors(2) })).toBe(
    "Checkpoint a.npz, step 1,000, 2 tensors\n  t0  float32 [2, 0]\n  t1  float32 [2, 1]",
  );
  expect(knownText({ source: "a.npz", tensors: tensors(1) })).toBe(
    "Checkpoint a.npz, 1 tensor\n  t0  float32 [2, 0]",
  );
  const [head, ...lines] = knownText({ source: "a.npz", tensors: tensors(1_031) })!.split("\n");
  expect(head).toBe("Checkpoint a.npz, 1031 tensors");
  expect(lines).toHaveLength(31);
  expect(lines.at(-1)).toBe("  … 1,001 more");
  expect(knownText({ source: "a.npz", tensors: tensors(30) })!.split("\n")).toHaveLength(31);
});

const network = () => {};

test("a series is its source, its length and its ends: steps, or labels where there are none", () => {
  const series = { network, length: 1_200, source: "runs", steps: [0, 5e6], labels: ["a", "b"] };
  expect(knownText(series)).toBe("Series runs: 1,200 networks, steps 0 … 5000000");
  expect(knownText({ network, length: 2, labels: ["a", "b"] })).toBe("Series: 2 networks, a … b");
  expect(knownText({ network, length: 0, steps: [] })).toBe("Series: 0 networks");
});

test("a network is its layers and the count of its parameters, biases among them", () => {
  const matrix = (rows: number, columns: number) => ({
    shape: [rows, columns],
    data: new Float64Array(rows * columns),
  });
  const layers = [
    { kind: "linear", weight: matrix(100, 20), bias: new Float64Array(100) },
    { kind: "bilinear", left: matrix(5, 100), right: matrix(5, 100), down: matrix(2, 5) },
  ];
  expect(knownText({ layers })).toBe(
    "Network 20 → linear → 100 → bilinear 5 → 2, 3,110 parameters",
  );
});

test.for<[string, object]>([
  ["layers of another library", { layers: [{ kind: "dense" }] }],
  ["no layers", { layers: [] }],
  ["layers that are none", { layers: [null] }],
  ["tensors without a source", { tensors: tensors(1) }],
  ["a source without tensors", { source: "a.npz", tensors: [] }],
  ["tensors of another library", { source: "a", tensors: new Map([["t", { shape: [1] }]]) }],
  ["tensors without shape", { source: "a", tensors: new Map([["t", { type: "float32" }]]) }],
  ["a length alone", { length: 3 }],
  ["a network without a length", { network }],
])("something else is not known: %s", ([, value]) => {
  expect(knownText(value)).toBeUndefined();
});

test("getters are not called", () => {
  const value = {
    get layers(): never {
      throw new Error("called");
    },
    get tensors(): never {
      throw new Error("called");
    },
  };
  expect(knownText(value)).toBeUndefined();
});
