import { expect, test } from "vitest";
import { holdingsText, largest } from "../../../kernel/memory/holdings.ts";
import { memoryError } from "../../../kernel/memory/memory-error.ts";
import { sizeOf } from "../../../src/protocol/index.ts";

test("the largest variables come first, small ones not at all", () => {
  const held = largest([
    ["small", [1, 2, 3]],
    ["tensor", { shape: [2, 5e5], data: new Float64Array(1e6) }],
    ["buffer", new ArrayBuffer(3e6)],
    ["text", "x".repeat(2e6)],
  ]);
  expect(holdingsText(held)).toBe("tensor 8 MB, text 4 MB, buffer 3 MB");
});

test("five at most, and sizes are taken for a bounded time", () => {
  const many = Array.from({ length: 9 }, (_, i): [string, unknown] => [
    `v${i}`,
    new ArrayBuffer(1e6 * (i + 1)),
  ]);
  expect(largest(many).map(({ name }) => name)).toEqual(["v8", "v7", "v6", "v5", "v4"]);
  let time = 0;
  const slow = largest(many, Number.POSITIVE_INFINITY, () => {
    time += 40;
    return time;
  });
  expect(slow.map(({ name }) => name)).toEqual(["v2", "v1", "v0"]);
});

test("what a large collection holds is estimated from its first entries", () => {
  const rows = Array.from({ length: 20_000 }, () => ({ values: new Float64Array(100) }));
  expect(sizeOf(rows) / (20_000 * (800 + 24 + 8))).toBeCloseTo(1, 1);
  const memory = new WebAssembly.Memory({ initial: 10 });
  expect(sizeOf({ memory })).toBeGreaterThanOrEqual(10 * 65_536);
});

test("no variable is said to keep more than the process has", () => {
  const part = "x".repeat(1_000);
  const shared = Array.from({ length: 20_000 }, () => part);
  expect(holdingsText(largest([["shared", shared]], 30e6))).toBe("shared 30 MB");
  expect(holdingsText(largest([["shared", shared]], 90e6))).toBe("shared 40 MB");
});

test("the error names the cell and the variables, or says that there are none", () => {
  const held = [{ name: "weights", bytes: 1.2e9 }];
  expect(memoryError("a", { cap: 4e9, bytes: 4.1e9, held })).toEqual({
    name: "MemoryError",
    message:
      'Cannot go on with "a": expected at most 4.0 GB of memory, found 4.1 GB\nLargest variables: weights 1.2 GB\nAll variables are kept; SIMILE_MEMORY sets another cap',
  });
  expect(memoryError(undefined, { cap: 4e9, bytes: 4.1e9, held: [] }).message).toMatch(
    /^Cannot go on: expected .*\nNo variable holds 1 MB or more: it is what ran that filled the memory\n/,
  );
});
