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

test("what torn off code has left is torn off too, for a second from the first", () => {
  const stragglers = new Stragglers();
  expect(stragglers.aftermath(0)).toBeUndefined();
  stragglers.torn(runs(1), 100);
  stragglers.torn(runs(2), 600);
  expect(stragglers.aftermath(600)).toBe(500);
  expect(stragglers.isHunting(1_099)).toBe(true);
  expect([1, 2, 3].map((run) => stragglers.hits(runs(run), undefined, 1_099))).toEqual([
    true,
    true,
    false,
  ]);
  expect(stragglers.isHunting(1_100)).toBe(false);
  expect(stragglers.hits(runs(1), undefined, 1_100)).toBe(false);
  stragglers.torn(runs(3), 2_000);
  expect([1, 3].map((run) => stragglers.hits(runs(run), undefined, 2_001))).toEqual([false, true]);
});

test("what is asked of it anew is wanted", () => {
  const stragglers = new Stragglers();
  stragglers.torn(runs(1), 0);
  stragglers.wanted();
  expect(stragglers.hits(runs(1), undefined, 1)).toBe(false);
  expect(stragglers.isHunting(1)).toBe(false);
});
