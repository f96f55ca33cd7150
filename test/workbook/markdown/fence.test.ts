import { expect, test } from "vitest";
import { fenced, withoutBlankEnds } from "../../../src/workbook/markdown/fence.ts";

test.for([
  ["", ""],
  [" \n\t\r\n", ""],
  ["a", "a"],
  ["\n \r\n  a\n\nb  \n \n", "  a\n\nb  "],
  ["  a  ", "  a  "],
  ["a\r\n\r\n", "a"],
  ["a\r", "a"],
  [" \n a", " a"],
])("%j without blank lines at its ends is %j", ([text, without]) => {
  expect(withoutBlankEnds(text!)).toBe(without);
});

test("blank lines within stay, however many", () => {
  for (const end of ["\n", "\r\n"]) {
    const text = `a${end.repeat(100_000)}b`;
    expect(withoutBlankEnds(`${end}${text}${end}`) === text).toBe(true);
  }
});

test("a fence is longer than any in the text", () => {
  expect(fenced("a", "ts")).toBe("```ts\na\n```");
  expect(fenced("")).toBe("```\n```");
  expect(fenced("a ```` b")).toBe("`````\na ```` b\n`````");
});
