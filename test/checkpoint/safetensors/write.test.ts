import fc from "fast-check";
import { expect, test } from "vitest";
import {
  readCheckpoint,
  type StoredType,
  storedOf,
  weightsOf,
  writeSafetensors,
} from "../../../src/checkpoint/index.ts";
import { small, tensor } from "../../support/small-tensors.ts";

test("what is written is read back, metadata and names included", async () => {
  const bytes = writeSafetensors(small, { note: "grøk", __proto__x: "1", step: "12" });
  const checkpoint = await readCheckpoint(bytes, "run.safetensors");
  expect(checkpoint).toMatchObject({
    source: "run.safetensors",
    step: 12,
    metadata: { note: "grøk", __proto__x: "1", step: "12" },
  });
  expect(new Map([...checkpoint.tensors].sort())).toEqual(new Map([...small].sort()));
  const weights = weightsOf(checkpoint);
  expect(weights.source).toBe("run.safetensors");
  expect(weights.shape("left")).toEqual([2, 1]);
  expect(weights.tensor("wide")).toEqual(tensor([1, 2], Number.NaN, 1e300));
  expect(weights.shape("toString")).toBe(undefined);
});

test("any tensors of any type are read back", async () => {
  const types = [
    "F64",
    "F32",
    "F16",
    "BF16",
    "I64",
    "I32",
    "I16",
    "I8",
    "U64",
    "U32",
    "U16",
    "U8",
    "BOOL",
  ] as const;
  const tensors = fc
    .tuple(
      fc.constantFrom<StoredType>(...types),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    )
    .map(([type, shape]) => {
      const length = shape.reduce((size, axis) => size * axis, 1);
      return storedOf({ shape, data: Float64Array.from({ length }, (_, i) => i % 2) }, type);
    });
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.string().filter((name) => name !== "__metadata__"),
          tensors,
        ),
      ),
      async (entries) => {
        const map = new Map(entries);
        const { tensors: found } = await readCheckpoint(writeSafetensors(map));
        expect(found.size).toBe(map.size);
        for (const [name, stored] of map) expect(found.get(name)).toEqual(stored);
      },
    ),
    { numRuns: 50 },
  );
});

test("every tensor is aligned to its elements", () => {
  const bytes = writeSafetensors(small);
  const length = Number(Buffer.from(bytes).readBigUInt64LE());
  expect(length % 8).toBe(0);
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
  expect(header.left.data_offsets).toEqual([24, 32]);
  expect(header.wide.data_offsets).toEqual([0, 16]);
  expect(header.flag.data_offsets).toEqual([32, 33]);
});

test("names that mean something to the language are only names", async () => {
  const names = ["__proto__", "constructor", "toString", ""];
  const one = storedOf(tensor([1], 5), "F64");
  const { tensors, metadata } = await readCheckpoint(
    writeSafetensors(new Map(names.map((name) => [name, one])), JSON.parse('{"__proto__": "x"}')),
  );
  expect([...tensors.keys()]).toEqual(names);
  expect(Object.entries(metadata)).toEqual([["__proto__", "x"]]);
  expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
});

test("writing refuses a tensor that is not its shape, and the name the format keeps", () => {
  const bytes = new Uint8Array(3);
  expect(() => writeSafetensors(new Map([["a", { type: "F32", shape: [1], bytes }]]))).toThrow(
    'Cannot store tensor "a": expected 4 bytes for F32 [1], found 3 bytes',
  );
  expect(() => writeSafetensors(new Map([["a", { type: "F32", shape: [-1], bytes }]]))).toThrow(
    'Cannot store tensor "a": expected sizes for F32 [-1], found 3 bytes',
  );
  expect(() =>
    writeSafetensors(new Map([["__metadata__", { type: "U8", shape: [3], bytes }]])),
  ).toThrow(
    'Cannot store tensor "__metadata__": expected a name the format does not keep for itself',
  );
});
