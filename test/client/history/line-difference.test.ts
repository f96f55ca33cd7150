import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type DifferenceLine,
  lineDifference,
} from "../../../src/client/history/line-difference.ts";

const shown = (lines: readonly DifferenceLine[]) =>
  lines.map((line) => {
    if (line.kind === "gap") return `… ${line.count}`;
    if (line.kind === "same") return `  ${line.text}`;
    const text = line.pieces.map((piece) => (piece.isChanged ? `[${piece.text}]` : piece.text));
    return `${line.kind === "was" ? "-" : "+"} ${text.join("")}`;
  });

test("what differs stands between what is the same, with the pieces that differ", () => {
  expect(shown(lineDifference("a\nlet n = 1;\nb", "a\nlet n = 2;\nb"))).toEqual([
    "  a",
    "- let n = [1];",
    "+ let n = [2];",
    "  b",
  ]);
});

test("of several lines each has the pieces that differ in it", () => {
  const text = (n: number) => `first = ${n};\nsecond = ${n};\nx`;
  expect(shown(lineDifference(text(1), text(2)))).toEqual([
    "- first = [1];",
    "- second = [1];",
    "+ first = [2];",
    "+ second = [2];",
    "  x",
  ]);
});

test("lines have their numbers in both texts", () => {
  const numbers = lineDifference("a\nb\nc", "b\nx\nc").map((line) =>
    line.kind === "same" ? [line.was, line.now] : line.kind === "gap" ? [] : [line.kind, line.line],
  );
  expect(numbers).toEqual([
    ["was", 1],
    [2, 1],
    ["now", 2],
    [3, 3],
  ]);
});

test("of a text that did not change all is left out", () => {
  expect(shown(lineDifference("a\nb", "a\nb"))).toEqual(["… 2"]);
});

test("what is the same between two that differ is shown up to six lines, and folded from seven on", () => {
  const between = (count: number) => {
    const same = Array.from({ length: count }, (_, index) => `same ${index}`).join("\n");
    return shown(lineDifference(`a\n${same}\nb`, `1\n${same}\n2`));
  };
  expect(between(6).filter((line) => line.startsWith("…"))).toEqual([]);
  expect(between(7).filter((line) => line.startsWith("…"))).toEqual(["… 1"]);
});

test("lines far from any that differ are left out, and counted", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const now = lines.with(10, "another");
  expect(shown(lineDifference(lines.join("\n"), now.join("\n")))).toEqual([
    "… 7",
    "  line 7",
    "  line 8",
    "  line 9",
    "- [line 10]",
    "+ [another]",
    "  line 11",
    "  line 12",
    "  line 13",
    "… 6",
  ]);
});

test("a text that is not there has no line", () => {
  expect(shown(lineDifference(null, "a\n"))).toEqual(["+ a", "+ "]);
  expect(shown(lineDifference("a", null))).toEqual(["- a"]);
});

test("an empty line that is gone from the beginning is one line", () => {
  expect(shown(lineDifference("\n\nab\n", "\nab\n"))).toEqual(["- ", "  ", "  ab", "  "]);
});

test("both texts can be read from it, whatever they are", () => {
  const text = fc.array(fc.constantFrom("", "a", "ab", "b", "x = 1", "x = 2"), { maxLength: 9 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const [was, now] = [a.join("\n"), b.join("\n")];
      const lines = lineDifference(was, now);
      const side = (kind: "was" | "now") =>
        lines.flatMap((line): (string | null)[] => {
          if (line.kind === "gap") return Array.from({ length: line.count }, () => null);
          if (line.kind === "same") return [line.text];
          return line.kind === kind ? [line.pieces.map(({ text }) => text).join("")] : [];
        });
      for (const [kind, text] of [
        ["was", was],
        ["now", now],
      ] as const) {
        const whole = text.split("\n");
        const read = side(kind);
        expect(read).toHaveLength(whole.length);
        expect(read.map((line, index) => line ?? whole[index])).toEqual(whole);
      }
      expect(lines.some(({ kind }) => kind === "was" || kind === "now")).toBe(was !== now);
    }),
  );
});
