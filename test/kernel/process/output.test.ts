import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LogFile } from "../../../kernel/process/log-file.ts";
import { ProcessOutput } from "../../../kernel/process/output.ts";

const folder = mkdtempSync(join(tmpdir(), "output-"));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gathered(): { output: ProcessOutput; texts: string[] } {
  const texts: string[] = [];
  return {
    output: new ProcessOutput(
      (text) => texts.push(text),
      () => new LogFile(folder, "output"),
    ),
    texts,
  };
}

test("ten thousand lines written at once are one text", () => {
  const { output, texts } = gathered();
  for (let line = 0; line < 10_000; line++) output.push(Buffer.from(`line ${line}\n`));
  expect(texts).toEqual([]);
  vi.advanceTimersByTime(60);
  expect(texts).toHaveLength(1);
  expect(texts[0]?.split("\n")).toHaveLength(10_000);
});

test("beyond the cap output is left out, counted, kept in a file, and allowed again later", () => {
  const { output, texts } = gathered();
  output.push(Buffer.alloc(300 * 1024, "a"));
  output.flush();
  const [, path] = /^a+\n… left out: 45056 characters; they are in (.*)$/.exec(texts[0]!) ?? [];
  expect(readFileSync(path!, "utf8")).toBe("a".repeat(45_056));
  vi.advanceTimersByTime(2000);
  output.push(Buffer.from("later\n"));
  output.flush();
  expect(texts[1]).toBe("later");
});

test("a character cut between two writes is whole", () => {
  const { output, texts } = gathered();
  const bytes = Buffer.from("é");
  output.push(bytes.subarray(0, 1));
  output.push(bytes.subarray(1));
  output.flush();
  expect(texts).toEqual(["é"]);
});
