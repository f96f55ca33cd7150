import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { type Log, LogStream } from "../../../kernel/interrupter/log-stream.ts";
import { cellConsole } from "../../../kernel/output/console.ts";
import { throttledProgress } from "../../../kernel/output/progress.ts";

function printed(print: (console: Console) => void): [string, string][] {
  const told: [string, string][] = [];
  print(cellConsole((level, text) => told.push([level, text])));
  return told;
}

test.for<[string, (console: Console) => void, [string, string][]]>([
  ["log formats", (c) => c.log("%s is %d", "a", 1, { b: 2 }), [["log", "a is 1 { b: 2 }"]]],
  [
    "levels are kept",
    (c) => {
      c.info(1);
      c.warn(2);
      c.error(3);
      c.debug(4);
      c.log(5);
    },
    [
      ["info", "1"],
      ["warn", "2"],
      ["error", "3"],
      ["debug", "4"],
      ["log", "5"],
    ],
  ],
  [
    "groups indent",
    (c) => {
      c.group("g");
      c.log("in");
      c.groupEnd();
      c.log("out");
    },
    [
      ["log", "g"],
      ["log", "  in"],
      ["log", "out"],
    ],
  ],
  [
    "only failed assertions are told",
    (c) => {
      c.assert(true, "no");
      c.assert(false, "yes");
    },
    [["warn", "Assertion failed: yes"]],
  ],
  [
    "counts",
    (c) => {
      c.count("x");
      c.count("x");
    },
    [
      ["log", "x: 1"],
      ["log", "x: 2"],
    ],
  ],
  ["no colours", (c) => c.log({ a: 1 }), [["log", "{ a: 1 }"]]],
  ["an empty line", (c) => c.log(), [["log", ""]]],
])("%s", ([, print, expected]) => {
  expect(printed(print)).toEqual(expected);
});

test("a level set by a method does not outlive it", () => {
  const told = printed((console) => {
    expect(() =>
      console.warn({
        [inspect.custom]() {
          throw new Error("no");
        },
      }),
    ).toThrow();
    console.log("after");
  });
  expect(told.at(-1)).toEqual(["log", "after"]);
});

function log(text: string, level: Log["level"] = "log"): Log {
  return { type: "log", cell: "a", level, text };
}

test("a few lines pass at once; a flood is gathered, in order", () => {
  vi.useFakeTimers();
  const passed: Log[] = [];
  const stream = new LogStream(
    (line) => passed.push(line),
    () => 0,
  );
  for (let i = 0; i < 3; i++) stream.push(log(String(i)));
  expect(passed.map(({ text }) => text)).toEqual(["0", "1", "2"]);
  for (let i = 3; i < 10_000; i++) stream.push(log(String(i), i % 2_000 === 0 ? "warn" : "log"));
  expect(passed.length).toBeLessThan(100);
  vi.advanceTimersByTime(8);
  expect(passed.map(({ text }) => text).join("\n")).toBe(
    Array.from({ length: 10_000 }, (_, i) => i).join("\n"),
  );
  expect(passed.filter(({ level }) => level === "warn").map(({ text }) => text)).toEqual([
    "2000",
    "4000",
    "6000",
    "8000",
  ]);
  vi.useRealTimers();
});

test("progress passes at most once in 100 ms, and when all is done", () => {
  let time = 0;
  const told: unknown[][] = [];
  const progress = throttledProgress(
    (...parts) => told.push(parts),
    () => time,
  );
  for (let done = 0; done <= 300; done++) {
    time = done;
    progress(done, 300);
  }
  expect(told.map(([done]) => done)).toEqual([0, 100, 200, 300]);
  expect(() => progress("1" as never, 2)).toThrow(
    "Cannot tell progress: expected numbers done and total, found string and number",
  );
});
