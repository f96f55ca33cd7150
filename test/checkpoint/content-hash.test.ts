import { expect, test } from "vitest";
import { contentHash, type StoredTensor, storedOf } from "../../src/checkpoint/index.ts";

function stored(shape: readonly number[], ...data: number[]): StoredTensor {
  return storedOf({ shape, data: Float64Array.from(data) }, "F64");
}

const of = (tensors: Record<string, StoredTensor>) =>
  contentHash({ tensors: new Map(Object.entries(tensors)) });

test("is 64 hexadecimal digits, the same for the same tensors in another order", async () => {
  const [a, b] = [stored([2], 1, 2), stored([1], 3)];
  expect(await of({ a, b })).toMatch(/^[0-9a-f]{64}$/);
  expect(await of({ b, a })).toBe(await of({ a, b }));
});

test("differs with a name, a type, a shape, a number or a tensor more", async () => {
  const tensor = stored([2], 1, 2);
  const all = [
    { a: tensor },
    { b: tensor },
    { a: { ...tensor, type: "I64" as const } },
    { a: { ...tensor, shape: [1, 2] } },
    { a: stored([2], 1, 3) },
    { a: tensor, b: tensor },
    {},
  ];
  expect(new Set(await Promise.all(all.map(of))).size).toBe(all.length);
});
