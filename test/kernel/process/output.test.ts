import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProcessOutput } from "../../../kernel/process/output.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gathered(): { output: ProcessOutput; texts: string[] } {
  const texts: string[] = [];
  return { output: new ProcessOutput((text) => texts.push(text)), texts };
}

test("ten thousand lines written at once are one text", () => {
  const { output, texts } = gathered();
  for (let line = 0; line < 10_000; line++) output.push(Buffer.from(`line ${line}\n`));
  expect(texts).toEqual([]);
  vi.advanceTimersByTime(60);
  expect(texts).toHaveLength(1);
  expect(texts[0]?.split("\n")).toHaveLength(10_000);
});

test("beyond the cap output is dropped, counted, and allowed again later", () => {
  const { output, texts } = gathered();
  output.push(Buffer.alloc(300 * 1024, "a"));
  output.flush();
  expect(texts[0]).toMatch(/^a+\n… 45056 characters of output were dropped$/);
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
