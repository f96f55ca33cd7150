import { describe, expect, test } from "vitest";
import { scheduleOf } from "../../../src/analysis/audit/schedule.ts";
import { powerLawSchedule } from "../../../src/training/index.ts";

describe("schedules", () => {
  const regular: [string, number[]][] = [
    ["every 50 steps", [10, 60, 110, 160, 210, 260, 310, 360, 370]],
    ["steps each 2 times the one before", [0, 1, 2, 4, 8, 16, 32, 64, 128, 200]],
    ["steps each 10 times the one before", [5, 50, 500, 5e3, 5e4, 5e5, 5e6, 5e7]],
  ];
  const powers: [string, number[]][] = [
    ["100 steps that grow with the power 5", powerLawSchedule(100_000)],
    ["40 steps that grow with the power 3", powerLawSchedule(20_000, 40, 3)],
  ];
  test.for([...regular, ...powers])("%s", ([spacing, steps]) => {
    expect(scheduleOf(steps)?.spacing).toBe(spacing);
  });

  test.for(regular)("%s: any one but the ends is told to be missing", ([, steps]) => {
    for (const step of steps.slice(2, -2)) {
      const rest = steps.filter((other) => other !== step);
      const absent = scheduleOf(rest)!.steps.filter((other) => !rest.includes(other));
      expect(absent).toEqual([step]);
    }
  });

  test("a power law that misses a tenth is still told", () => {
    const steps = powerLawSchedule(100_000);
    const rest = steps.filter((_, i) => i % 12 !== 30 % 12);
    const absent = scheduleOf(rest)!.steps.filter((step) => !rest.includes(step));
    expect(absent).toEqual(steps.filter((_, i) => i % 12 === 30 % 12));
  });

  test("steps without a rule have none, and few steps neither", () => {
    expect(scheduleOf([0, 3, 10, 100, 101, 5000, 5003])).toBeUndefined();
    expect(scheduleOf([0, 100, 200, 300])).toBeUndefined();
  });
});
