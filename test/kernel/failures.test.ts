import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Failures, mostFailures } from "../../kernel/failures.ts";
import type { CellError } from "../../src/protocol/index.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const described = (error: unknown): CellError => ({
  name: "Error",
  message: (error as Error).message,
  frames: [],
});

function failures() {
  const told: string[] = [];
  const all = new Failures((notice) => {
    told.push(
      notice.type === "log"
        ? `${notice.cell}: ${notice.text}`
        : `${notice.cell}! ${notice.error.message}`,
    );
  });
  const fail = (count: number, cell?: string, from = 0) => {
    for (let i = from; i < from + count; i++) all.add(cell, new Error(String(i)), described);
    return told.splice(0);
  };
  return { all, told, fail };
}

test("the first failures of each cell are told, of the others how many there were and the last", () => {
  const { told, fail } = failures();
  const each = Array.from({ length: mostFailures }, (_, i) => i);
  expect(fail(1_500, "a")).toEqual(each.map((i) => `a! ${i}`));
  expect(fail(mostFailures)).toEqual(each.map((i) => `undefined! ${i}`));
  vi.advanceTimersByTime(1_000);
  expect(told.splice(0)).toEqual([
    "a: … left out: 1,480 failures outside of the run, the last was Error: 1499",
  ]);
  fail(1, "a");
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(["a: … left out: 1 failure outside of the run, the last was Error: 0"]);
});

test("a cell that runs anew has failures of its own", () => {
  const { all, told, fail } = failures();
  fail(100, "a");
  all.forget("a");
  expect(fail(1, "a", 7)).toEqual(["a! 7"]);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});

test("a value without a text is left out too", () => {
  const { told, all } = failures();
  const value = Object.create(null);
  for (let i = 0; i <= mostFailures; i++) {
    all.add("a", value, () => ({ name: "Error", message: "", frames: [] }));
  }
  vi.advanceTimersByTime(1_000);
  expect(told.at(-1)).toContain("the last was a value that has no text");
});
