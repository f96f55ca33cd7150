import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Failures, mostFailures } from "../../../kernel/output/failures.ts";
import { LogFile } from "../../../kernel/process/index.ts";
import type { CellError, KernelNotice } from "../../../src/protocol/index.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const failure = (message: string): CellError => {
  const at = { cell: "a", line: 2, column: 3 };
  return { name: "Error", message, at, frames: [at, { ...at, file: "m.ts", line: 7 }] };
};

function failures(limits = { file: 1e6, folder: 1e6, age: 1e9 }) {
  const folder = mkdtempSync(join(tmpdir(), "failures-"));
  const told: KernelNotice[] = [];
  const all = new Failures(
    (notice) => told.push(notice),
    (cell) => new LogFile(folder, cell, limits),
  );
  const texts = () =>
    told
      .splice(0)
      .map((notice) =>
        notice.type === "uncaught"
          ? `${notice.cell}! ${notice.error.message}`
          : notice.type === "log" && `${notice.cell}: ${notice.text}`,
      );
  const fail = (count: number, cell?: string, from = 0) => {
    for (let i = from; i < from + count; i++) all.add(cell, failure(String(i)));
    return texts();
  };
  const paths = () => readdirSync(folder).map((name) => join(folder, name));
  return { all, told, texts, fail, paths };
}

test("the first failures of each cell are told, of the others how many there were, the last, and the file that has all", () => {
  const { told, texts, fail, paths } = failures();
  const each = Array.from({ length: mostFailures }, (_, i) => i);
  expect(fail(mostFailures)).toEqual(each.map((i) => `undefined! ${i}`));
  expect(paths()).toEqual([]);
  expect(fail(1_500, "a")).toEqual(each.map((i) => `a! ${i}`));
  const [path] = paths();
  vi.advanceTimersByTime(1_000);
  expect(told).toMatchObject([{ type: "log", level: "warn", file: path }]);
  expect(texts()).toEqual([
    `a: … left out: 1,480 failures outside of the run, the last was Error: 1499; all of them are in ${path}`,
  ]);
  fail(1, "a", 1_500);
  vi.advanceTimersByTime(10_000);
  expect(texts()).toEqual([
    `a: … left out: 1 failure outside of the run, the last was Error: 1500; all of them are in ${path}`,
  ]);
  const lines = Array.from(
    { length: 1_501 },
    (_, i) => `Error: ${i}\n    at a:2:3\n    at m.ts:7:3\n`,
  );
  expect(readFileSync(path!, "utf8")).toBe(lines.join(""));
});

test("a file that does not take all of them is said to be not whole, and why", () => {
  const { texts, fail, paths } = failures({ file: 100, folder: 1e6, age: 1e9 });
  fail(100, "a");
  vi.advanceTimersByTime(1_000);
  const [path] = paths();
  expect(texts()).toEqual([
    `a: … left out: 80 failures outside of the run, the last was Error: 99; the log in ${path} is not whole: it has reached 100 bytes`,
  ]);
});

test("a cell that runs anew has failures of its own", () => {
  const { all, told, fail } = failures();
  fail(100, "a");
  all.forget("a");
  expect(fail(1, "a", 7)).toEqual(["a! 7"]);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});
