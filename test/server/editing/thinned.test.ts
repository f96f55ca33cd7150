import fc from "fast-check";
import { expect, test } from "vitest";
import { thinned } from "../../../server/editing/thinned.ts";
import type { HistoryEntry } from "../../../src/protocol/index.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const entry = (time: number, rest: Partial<HistoryEntry> = {}): HistoryEntry => ({
  version: `v${time}`,
  time,
  bytes: 100,
  cause: "saved",
  ...rest,
});

/** Saves at `every`, from `first` to `last`. */
function saves(first: number, last: number, every: number): HistoryEntry[] {
  const count = Math.floor((last - first) / every) + 1;
  return Array.from({ length: count }, (_, index) => entry(first + index * every));
}

const now = 200 * day;
/** Ages in the unit given. */
const ages = (entries: readonly HistoryEntry[], unit: number) =>
  entries.map(({ time }) => (now - time) / unit);

test("all of the last day is kept, of older ones the last of each hour, day and 30 days", () => {
  expect(thinned(saves(now - day, now, 10 * minute), now)).toHaveLength(145);
  const week = thinned(saves(now - 3 * day, now - 2 * day, 10 * minute), now);
  // The first and the newest, and the last of each hour between.
  expect(ages(week, minute).slice(1, -1)).toEqual(
    Array.from({ length: 24 }, (_, index) => 71 * 60 + 10 - index * 60),
  );
  const month = thinned(saves(now - 20 * day, now - 10 * day, hour), now);
  expect(month.slice(1, -1).every(({ time }) => time % day === 23 * hour)).toBe(true);
  expect(month).toHaveLength(12);
  expect(thinned(saves(now - 190 * day, now - 100 * day, day), now)).toHaveLength(5);
});

test("what a person restored stays, and so does what it was restored from", () => {
  const all = saves(now - 3 * day, now - 2 * day, minute);
  const [from, restored] = [all[7]!, { ...all[100]!, version: all[7]!.version }];
  const kept = thinned(all.with(100, { ...restored, cause: "restored" }), now);
  expect(kept.map(({ time }) => time)).toEqual(expect.arrayContaining([from.time, restored.time]));
  expect(thinned(all, now).map(({ time }) => time)).not.toContain(from.time);
});

test("hours of saving every ten seconds keep their beginning, their end, and the rest by age", () => {
  let kept: readonly HistoryEntry[] = [];
  // As it comes: each save thins what was kept before it.
  for (const save of saves(now - 8 * hour, now, 10_000)) kept = thinned([...kept, save], save.time);
  expect(kept.length).toBe(2_000);
  const old = ages(kept, minute);
  expect([old[0], old.at(-1)]).toEqual([480, 0]);
  // Wherever one looks, there is a version within a tenth of the age.
  for (const [index, age] of old.slice(1).entries())
    expect(old[index]! - age).toBeLessThan(1 + age / 10);
});

test("whatever there is, the first, the newest and the restored stay, in order, within the bounds", () => {
  const entries = fc
    .array(
      fc.record({
        age: fc.integer({ min: 0, max: 400 * day }),
        bytes: fc.integer({ min: 1, max: 8 * 1024 * 1024 }),
        cause: fc.constantFrom("saved" as const, "restored" as const, "disk" as const),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((list) =>
      list
        .sort((a, b) => b.age - a.age)
        .map(({ age, bytes, cause }, index) =>
          entry(now - age, { bytes, cause, version: `${index}` }),
        ),
    );
  fc.assert(
    fc.property(entries, (all) => {
      const kept = thinned(all, now);
      expect(kept).toEqual(all.filter((one) => kept.includes(one)));
      expect(kept[0]).toBe(all[0]);
      expect(kept.at(-1)).toBe(all.at(-1));
      expect(all.filter((one) => one.cause === "restored" && !kept.includes(one))).toEqual([]);
      const bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
      const free = kept.slice(1, -1).some(({ cause }) => cause !== "restored");
      expect(bytes <= 64 * 1024 * 1024 || !free).toBe(true);
    }),
  );
});
