import { expect, test } from "vitest";
import { duration, ProgressBar, type ProgressOutput } from "../../server/progress-bar.ts";

class Recorder implements ProgressOutput {
  readonly written: string[] = [];
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns = 80) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.written.push(text);
  }
}

test("on a terminal one line updates in place and is taken away at the end", () => {
  const output = new Recorder(true);
  let seconds = 0;
  const bar = new ProgressBar(output, 4000, () => seconds);
  seconds = 30;
  bar.update(1000, "loss 0.5");
  bar.clear();
  bar.clear();
  expect(output.written).toEqual([
    `\r${"█".repeat(8)}${"░".repeat(22)}  1,000 of 4,000  loss 0.5 · 1 min 30 s left\x1b[K`,
    "\r\x1b[K",
  ]);
});

test("a narrow terminal gets no bar, and never a line that wraps", () => {
  const output = new Recorder(true, 30);
  const bar = new ProgressBar(output, 10, () => 0);
  bar.update(5, "a note that is long");
  expect(output.written[0]).toBe("\r5 of 10  a note that is long \x1b[K");
});

test("a log gets a line every ten seconds", () => {
  const output = new Recorder(false);
  let seconds = 0;
  const bar = new ProgressBar(output, 100, () => seconds);
  for (seconds = 1; seconds <= 25; seconds++) bar.update(seconds, "loss 1");
  bar.clear();
  expect(output.written).toEqual([
    "10 of 100  loss 1 · 1 min 30 s left\n",
    "20 of 100  loss 1 · 1 min 20 s left\n",
  ]);
});

test("durations read as a person says them", () => {
  expect([0, 59.4, 60, 3599, 3600, 7500].map(duration)).toEqual([
    "0 s",
    "59 s",
    "1 min 0 s",
    "59 min 59 s",
    "1 h 0 min",
    "2 h 5 min",
  ]);
});
