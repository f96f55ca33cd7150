import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OutputLimit, type OutputMost, outputMost } from "../../../kernel/output/output-limit.ts";
import { LogFile } from "../../../kernel/process/index.ts";
import type { KernelNotice } from "../../../src/protocol/index.ts";

type Log = Extract<KernelNotice, { type: "log" }>;

const most = {
  lines: 3,
  characters: 100,
  displays: 2,
  bytes: 1_000,
  kept: Number.POSITIVE_INFINITY,
};
let folder: string;
let told: KernelNotice[];

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), "limit-"));
  told = [];
});
afterEach(() => void vi.useRealTimers());

function limited(more: Partial<OutputMost> = {}, logs = folder): OutputLimit {
  const all = { ...most, ...more };
  return new OutputLimit(
    "a",
    all,
    (notice) => told.push(notice),
    () => new LogFile(logs, "a"),
  );
}

const print = (limit: OutputLimit, text: string) =>
  limit.tell({ type: "log", cell: "a", level: "log", text });
const show = (limit: OutputLimit, text: unknown, update?: true) =>
  limit.tell({
    type: "display",
    cell: "a",
    display: "d",
    bundle: { "text/plain": text },
    ...(update && { update }),
  });
const texts = () =>
  told.filter((notice): notice is Log => notice.type === "log").map(({ text }) => text);
const logged = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));

describe("what a run shows", () => {
  test("passes as it is up to the measure, and no file is made", () => {
    const limit = limited();
    for (const text of ["1", "2", "3"]) print(limit, text);
    show(limit, "x");
    limit.end();
    expect(texts()).toEqual(["1", "2", "3"]);
    expect(told).toHaveLength(4);
    expect(logged()).toEqual([]);
  });

  test("is left out beyond its lines, counted, and whole in a file that is named", () => {
    const limit = limited();
    for (let i = 1; i <= 1_000; i++) print(limit, String(i));
    limit.end();
    limit.end();
    const path = join(folder, readdirSync(folder)[0]!);
    expect(texts()).toEqual([
      "1",
      "2",
      "3",
      `… from here on the output of this cell is in ${path}`,
      `… left out: 997 lines (3,887 characters); the full log is in ${path}`,
    ]);
    expect(logged()).toEqual([Array.from({ length: 1_000 }, (_, i) => `${i + 1}\n`).join("")]);
  });

  test("is cut within a text that is too long, or has too many lines", () => {
    const limit = limited();
    print(limit, "x".repeat(250));
    limit.end();
    expect(texts()[0]).toBe("x".repeat(100));
    expect(texts().at(-1)).toContain("left out: 1 line (151 characters)");
    expect(logged()).toEqual([`${"x".repeat(250)}\n`]);
    told = [];
    const other = limited();
    print(other, "1\n2\n3\n4\n5");
    other.end();
    expect(texts()[0]).toBe("1\n2\n3");
    expect(texts().at(-1)).toContain("left out: 2 lines (4 characters)");
  });

  test("is left out when it is too many displays, or too large ones; what replaces one passes", () => {
    const limit = limited();
    for (const text of ["x", "y", "z", Uint8Array.of(1, 2)]) show(limit, text);
    show(limit, "new", true);
    limit.tell({ type: "clear", cell: "a", wait: false });
    limit.end();
    expect(told.filter(({ type }) => type === "display")).toHaveLength(3);
    expect(told.filter(({ type }) => type === "clear")).toHaveLength(1);
    expect(texts().at(-1)).toContain("left out: 2 displays; the full log is in ");
    expect(logged()).toEqual(['display {"text/plain":"z"}\ndisplay {"text/plain":"AQI="}\n']);
    told = [];
    show(limited(), "x".repeat(1_001));
    expect(told.filter(({ type }) => type === "display")).toEqual([]);
  });

  test("after its end is told a moment later", () => {
    const limit = limited({ lines: 1 });
    print(limit, "1");
    limit.end();
    print(limit, "2");
    print(limit, "3");
    vi.advanceTimersByTime(1_500);
    expect(texts().at(-1)).toContain("left out: 2 lines (4 characters)");
    expect(logged()).toEqual(["1\n2\n3\n"]);
  });

  test("is in a file as soon as the page keeps no more of it, and passes on", () => {
    const limit = limited({ kept: 2 });
    for (const text of ["1", "2", "3"]) print(limit, text);
    const files = told.map((notice) => (notice as Log).file);
    expect(files).toEqual([undefined, undefined, join(folder, readdirSync(folder)[0]!)]);
    expect(logged()).toEqual(["1\n2\n3\n"]);
  });

  test("goes on where no file can be written, which is told once", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const limit = limited({}, join(file, "logs"));
    for (let i = 1; i <= 100; i++) print(limit, String(i));
    limit.end();
    expect(texts().slice(3)).toEqual([
      expect.stringMatching(
        /^… the log of this cell is not kept any further in .*: (ENOTDIR|EEXIST)/,
      ),
      expect.stringMatching(/^… left out: 97 lines \(.*\); the log in .* is not whole$/),
    ]);
  });
});

describe("the measure", () => {
  test("is what the environment says, else one for executions and one for cells", () => {
    expect(outputMost({}, true)).toMatchObject({ lines: 10_000, characters: 2_097_152 });
    expect(outputMost({}, false)).toMatchObject({ lines: Number.POSITIVE_INFINITY, kept: 300 });
    expect(outputMost({ SIMILE_OUTPUT_LINES: "7", SIMILE_OUTPUT_BYTES: "9" }, false)).toMatchObject(
      { lines: 7, characters: 9 },
    );
  });

  test.for(["many", "0", "-1", "1.5"])("%s lines make no sense", (value) => {
    expect(() => outputMost({ SIMILE_OUTPUT_LINES: value }, true)).toThrow(
      `Cannot use SIMILE_OUTPUT_LINES: expected a whole number from 1, found ${value}`,
    );
  });
});
