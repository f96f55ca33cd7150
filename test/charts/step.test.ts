import { expect, test } from "vitest";
import { longStepText, stepText, stepTicks } from "../../src/charts/step.ts";

test.for([
  [0, "0"],
  [100, "100"],
  [999, "999"],
  [1000, "1k"],
  [12_500, "12.5k"],
  [100_000, "100k"],
  [2_000_000, "2M"],
  [999_940, "999.9k"],
  [999_960, "1M"],
  [999_960_000, "1G"],
  [-1500, "-1.5k"],
] as const)("step %d is written %s", ([step, text]) => {
  expect(stepText(step)).toBe(text);
});

test("a step in full has its thousands apart", () => {
  expect(longStepText(100_000)).toBe("100,000");
});

test("a power-law schedule has 0 and the powers of ten, spaced by checkpoint", () => {
  const steps = [
    ...new Set(Array.from({ length: 100 }, (_, i) => Math.floor(100_000 * (i / 99) ** 5))),
  ];
  const ticks = stepTicks(steps, 500, 60);
  expect(ticks.map(({ step }) => step)).toEqual([0, 100, 1000, 10_000, 50_000, 100_000]);
  const last = ticks.at(-1);
  expect(last?.index).toBe(steps.length - 1);
});

test("evenly spaced steps have evenly spaced round ticks", () => {
  const steps = Array.from({ length: 21 }, (_, i) => 1000 * i);
  expect(stepTicks(steps, 400, 80).map(({ step }) => step)).toEqual([
    0, 5000, 10_000, 15_000, 20_000,
  ]);
});

test("a tick between two checkpoints lies between them by proportion", () => {
  const steps = [0, 40, 150, 160, 180, 190, 1000];
  expect(stepTicks(steps, 140, 30)).toContainEqual({ index: 1 + 60 / 110, step: 100 });
});

test("ticks keep the room they need, and lie within the steps", () => {
  const steps = [7, 8, 9, 300, 4000];
  for (const room of [10, 30, 80, 400]) {
    const ticks = stepTicks(steps, 300, room);
    for (const [i, tick] of ticks.entries()) {
      expect(tick.step).toBeGreaterThanOrEqual(7);
      expect(tick.step).toBeLessThanOrEqual(4000);
      if (i > 0) expect((tick.index - ticks[i - 1]!.index) * 60).toBeGreaterThanOrEqual(room);
    }
  }
});

test("where every checkpoint has room each has its own tick", () => {
  const ticks = stepTicks([0, 137, 20_000], 300, 40);
  expect(ticks.map(({ step }) => step)).toEqual([0, 137, 20_000]);
});

test("one checkpoint has one tick, none has none", () => {
  expect(stepTicks([500], 40, 30)).toEqual([{ index: 0, step: 500 }]);
  expect(stepTicks([], 40, 30)).toEqual([]);
});
