import { expect, test } from "vitest";
import { Stragglers } from "../../../kernel/stop/stragglers.ts";

const runs = (...numbers: number[]) => new Set(numbers);

test("a run that was given up is torn off once it keeps the thread, never the one in flight", () => {
  const stragglers = new Stragglers();
  for (const run of [1, 2]) stragglers.began(run);
  expect(stragglers.hunt(0)).toBe(5_000);
  expect(stragglers.hits(runs(2), 2, 1)).toBe(false);
  expect(stragglers.hits(runs(1), 2, 1)).toBe(true);
  expect(stragglers.hits(runs(1), 2, 2)).toBe(false);
  stragglers.settled(2);
  expect(stragglers.hits(runs(2), 3, 3)).toBe(false);
  expect(stragglers.hunt(3)).toBeUndefined();
});

test("what torn off code has left is torn off too, for a second from the run's first end", () => {
  const stragglers = new Stragglers();
  expect(stragglers.aftermath(0)).toBeUndefined();
  stragglers.torn(runs(1), 100);
  stragglers.torn(runs(1, 2), 600);
  expect(stragglers.aftermath(600)).toBe(1_000);
  const hit = (now: number) =>
    [1, 2, 3].filter((run) => stragglers.hits(runs(run), undefined, now));
  expect(hit(1_099)).toEqual([1, 2]);
  expect(hit(1_100)).toEqual([2]);
  expect(stragglers.isHunting(1_599)).toBe(true);
  expect(hit(1_600)).toEqual([]);
  expect(stragglers.isHunting(1_600)).toBe(false);
  stragglers.torn(runs(1), 2_000);
  expect(hit(2_001)).toEqual([1]);
});

test("what is asked of it anew is wanted", () => {
  const stragglers = new Stragglers();
  stragglers.torn(runs(1), 0);
  stragglers.wanted();
  expect(stragglers.hits(runs(1), undefined, 1)).toBe(false);
  expect(stragglers.isHunting(1)).toBe(false);
});
