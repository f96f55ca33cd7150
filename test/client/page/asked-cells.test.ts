// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { cells, opened, workbook } from "../../support/open-page.ts";
import { passes } from "../../support/workbook-graph.ts";

test("an untrusted workbook shows prose and unfolded source and runs nothing until Run is pressed", async () => {
  const { sockets, says, requests, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells, { trusted: false }), { type: "kernel", state: "none" });
  await passes();
  expect(requests()).toEqual([]);
  expect(find("h1")?.textContent).toBe("Hello");
  expect(find("#code-counted")?.hidden).toBe(false);
  const run = find(".banner button");
  expect(run?.textContent).toBe("Run");
  run?.click();
  expect(sockets[0]?.sent.at(-1)).toEqual({ type: "run" });
  says(workbook([], { cause: "trust", order: cells.map(({ id }) => id) }));
  await passes();
  expect(requests()).toHaveLength(1);
  expect(find(".banner")).toBeNull();
  expect(find("#code-counted")?.hidden).toBe(true);
});

test("a stopped cell is run again by one press", async () => {
  const { sockets, says, requests, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "busy" });
  expect(document.title).toBe("● A workbook · Simile");
  await passes();
  const error = { name: "Stopped", message: "The cell was stopped" };
  says({ type: "result", client: "c", seq: 1, cell: "work", result: "r", ms: 0, error });
  says({ type: "kernel", state: "ready" });
  await passes();
  expect(document.title).toBe("A workbook · Simile");
  expect(find("#cell-work")?.dataset["state"]).toBe("stopped");
  expect(find("#cell-counted")?.dataset["state"]).toBe("blocked");
  find("#cell-work .quiet-line button")?.click();
  await passes();
  expect(requests()).toMatchObject([{ seq: 1 }, { seq: 2, cells: [{ id: "work" }] }]);
});
