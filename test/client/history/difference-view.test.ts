// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { differenceView } from "../../../src/client/history/difference-view.ts";

/** Rows of the table: texts of their cells, a changed piece in brackets. */
function rows(was: string | null, now: string | null, layout: "unified" | "beside") {
  const view = differenceView("Cell a", was, now, layout);
  expect(view.querySelector("table")!.getAttribute("aria-label")).toBe("Cell a");
  return Array.from(view.querySelectorAll("tr"), (row) =>
    Array.from(row.children, (cell) => cell.innerHTML.replace(/<mark>(.*?)<\/mark>/g, "[$1]")),
  );
}

const was = "same\nx = 1\ngone\nlast";
const now = "same\nx = 2\nlast";

test("in one column: both numbers, a sign, the text", () => {
  expect(rows(was, now, "unified")).toEqual([
    ["1", "1", "", "same"],
    ["2", "", "−", "x = [1]"],
    ["3", "", "−", "[gone]"],
    ["", "2", "+", "x = [2]"],
    ["4", "3", "", "last"],
  ]);
});

test("beside each other: what was, what is now, and nothing where there is no more", () => {
  expect(rows(was, now, "beside")).toEqual([
    ["1", "", "same", "1", "", "same"],
    ["2", "−", "x = [1]", "2", "+", "x = [2]"],
    ["3", "−", "[gone]", ""],
    ["4", "", "last", "3", "", "last"],
  ]);
  expect(rows(null, "a\nb", "beside")).toEqual([
    ["", "1", "+", "a"],
    ["", "2", "+", "b"],
  ]);
});

test("lines that are left out are counted, across the whole table", () => {
  const many = (first: string) => [first, ..."abcdefgh"].join("\n");
  for (const [layout, columns] of [
    ["unified", 4],
    ["beside", 6],
  ] as const) {
    expect(rows(many("1"), many("2"), layout).at(-1)).toEqual(["5 lines as they were"]);
    expect(rows("a", "a", layout)).toEqual([["1 line as it was"]]);
    const gap = differenceView("", many("1"), many("2"), layout).querySelector(".gap td")!;
    expect(gap.getAttribute("colspan")).toBe(String(columns));
  }
});

test("what was and what is now are told apart by more than their sign", () => {
  const kinds = (layout: "unified" | "beside", selector: string) =>
    Array.from(
      differenceView("", "a", "b", layout).querySelectorAll<HTMLElement>(selector),
      ({ dataset }) => dataset["kind"],
    );
  expect(kinds("unified", "tr")).toEqual(["was", "now"]);
  expect(kinds("beside", "td.text")).toEqual(["was", "now"]);
});
