// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { CellDefinition } from "../../src/protocol/index.ts";
import { opened, workbook } from "../support/open-page.ts";
import { expression, passes } from "../support/workbook-graph.ts";

test("cells are put in a new order, and gone cells go, without touching the others", async () => {
  const { sockets, says, page, find } = opened();
  sockets[0]?.opens();
  const three = ["a", "b", "c"].map((id) => expression(id, `"${id}"`));
  says(workbook(three), { type: "kernel", state: "none" });
  await passes();
  const before = find("#cell-c");
  says(workbook([], { cause: "disk", order: ["c", "a"], removed: ["b"] }));
  await passes();
  const ids = () => [...page.element.querySelectorAll(".cell")].map(({ id }) => id);
  expect(ids()).toEqual(["cell-c", "cell-a"]);
  expect(find("#cell-c")).toBe(before);
  expect(find("#cell-c .output")?.textContent).toBe('"c"');
});

test("a new cell is put between others without moving them", async () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  const [a, b, c] = ["a", "b", "c"].map((id) => expression(id, "1")) as [
    CellDefinition,
    CellDefinition,
    CellDefinition,
  ];
  says(workbook([a, c]));
  const moved: Node[] = [];
  const watch = new MutationObserver((records) => {
    for (const { removedNodes } of records) moved.push(...removedNodes);
  });
  watch.observe(find(".cells")!, { childList: true });
  says(workbook([b], { cause: "disk", order: ["a", "b", "c"] }));
  await passes();
  expect(Array.from(find(".cells")!.children, ({ id }) => id)).toEqual([
    "cell-a",
    "cell-b",
    "cell-c",
  ]);
  expect(moved).toEqual([]);
});
