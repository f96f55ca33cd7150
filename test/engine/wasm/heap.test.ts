import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap } from "../../../src/engine/wasm/heap.ts";

test("take gives the lowest range that fits, give joins what lies side by side", () => {
  const heap = new Heap(10, 64 * 5);
  const [a, b, c] = [heap.take(64), heap.take(1), heap.take(100)];
  expect([a, b, c]).toEqual([64, 128, 192]);
  expect(heap.take(1)).toBeUndefined();
  heap.give(b!);
  expect(heap.take(65)).toBeUndefined();
  heap.give(c!);
  expect(heap.take(192)).toBe(128);
  heap.give(a!);
  expect(heap.used).toBe(192);
  expect(() => heap.give(a!)).toThrow("Cannot free address 64: it is not taken");
});

test("whatever is taken and given back, ranges never overlap and all space comes back", () => {
  const steps = fc.array(
    fc.oneof(
      fc.nat(400).map((take) => ({ take })),
      fc.nat().map((give) => ({ give })),
    ),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const heap = new Heap(64, 4096);
      const held: { at: number; bytes: number }[] = [];
      for (const step of all) {
        if ("take" in step) {
          const at = heap.take(step.take);
          if (at === undefined) continue;
          expect(at % 64).toBe(0);
          expect(at).toBeGreaterThanOrEqual(64);
          expect(at + step.take).toBeLessThanOrEqual(4096);
          for (const other of held) {
            const apart = at + step.take <= other.at || other.at + other.bytes <= at;
            expect(apart && at !== other.at).toBe(true);
          }
          held.push({ at, bytes: step.take });
        } else if (held.length > 0) {
          heap.give(held.splice(step.give % held.length, 1)[0]!.at);
        }
      }
      for (const { at } of held) heap.give(at);
      expect(heap.used).toBe(0);
      expect(heap.take(4096 - 64)).toBe(64);
    }),
  );
});
