import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Network } from "../../src/model/index.ts";
import { algorithm, type Metric, similarityMatrix } from "../../src/similarity/index.ts";
import { matrix } from "../../src/tensor/index.ts";

/** Weights that no mathematical library has a part in. */
function weight(rows: number, columns: number, seed: number) {
  const data = Float64Array.from({ length: rows * columns }, (_, i) => {
    return (((i + 1) * (2 * seed + 7)) % 23) / 23 - 0.4;
  });
  return matrix(rows, columns, data);
}

function network(seed: number, layers: number): Network {
  return {
    layers: Array.from({ length: layers }, (_, k) => ({
      kind: "bilinear",
      left: weight(5, 4, seed + 3 * k),
      right: weight(5, 4, seed + 3 * k + 1),
      down: weight(4, 5, seed + 3 * k + 2),
      leftBias: weight(1, 5, seed + k).data,
      downBias: weight(1, 4, seed + 2 * k).data,
    })),
  };
}

// What is remembered is found by the algorithm's version: where the bits change, it has to change.
test.for<[metric: Metric, layers: number, bits: string]>([
  ["symmetric", 1, "7e5a4a1ed108"],
  ["frobenius", 1, "649a2d674f71"],
  ["padded", 1, "db831385144b"],
  ["gaussian", 1, "3c25b0b85347"],
  ["recursion", 2, "4da8cbd4c175"],
  ["recursion", 3, "f8fa045fb3ad"],
])(`the bits of "%s" over %i layers are those of ${algorithm}`, async ([metric, layers, bits]) => {
  const networks = [1, 4, 6, 10].map((seed) => network(seed, layers));
  const { data } = await similarityMatrix(networks, { metric, engine: "wasm" });
  const found = createHash("sha256").update(data).digest("hex").slice(0, 12);
  expect(found, "other bits: give `algorithm` another version, and write these down").toBe(bits);
});
