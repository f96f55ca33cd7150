// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { cells, opened, result, workbook } from "../../support/open-page.ts";
import { passes } from "../../support/workbook-graph.ts";

test("a running cell says so with its progress, and stops saying so; its log is kept under it", async () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "busy" });
  await passes();
  says(
    { type: "run", cell: "work", state: "running" },
    { type: "progress", cell: "work", done: 12, total: 90, label: "pairs" },
    { type: "log", cell: "work", level: "warn", text: "slow" },
  );
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(find("#cell-work")?.dataset["state"]).toBe("running");
  expect(find("#cell-work .sign")?.textContent).toBe("running");
  expect(find("#cell-work .status")?.textContent).toMatch(/^\d+ ms · 12 of 90 pairs$/);
  expect(find("#cell-work progress")?.getAttribute("aria-label")).toBe("work: 12 of 90 pairs");
  says({ type: "run", cell: "work", state: "done", ms: 1234 }, result(1, 3));
  await passes();
  expect(find("#cell-work")?.dataset["state"]).toBe("idle");
  expect(find("#cell-work .status")?.textContent).toBe("5 ms");
  expect(find("#cell-work progress")?.hidden).toBe(true);
  expect(find("#cell-work .log")?.textContent).toBe("warn: slow");
});

test("an error outside of any run stands in the log of its cell", () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells));
  says({ type: "uncaught", cell: "work", error: { name: "Error", message: "late" } });
  expect(find("#cell-work .log")?.textContent).toBe("error: Error: late");
});

test("a log keeps its last lines and says how many are gone", () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells));
  for (let i = 1; i <= 310; i++)
    says({ type: "log", cell: "work", level: "log", text: `line ${i}` });
  says({ type: "log", cell: "work", level: "log", text: "x".repeat(5000) });
  const lines = find("#cell-work .log-lines")!;
  expect(lines.childElementCount).toBe(300);
  expect(lines.firstElementChild?.textContent).toBe("line 12");
  expect(lines.lastElementChild?.textContent?.length).toBeLessThan(4100);
  expect(find("#cell-work .log-dropped")?.textContent).toBe("11 earlier lines are not shown");
});

test("lines that come in one text are lines, and the last of them stay", () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells));
  const text = Array.from({ length: 2000 }, (_, i) => `line ${i}`).join("\n");
  says({ type: "log", cell: "work", level: "warn", text: `${text}\n` });
  const lines = find("#cell-work .log-lines")!;
  expect(lines.childElementCount).toBe(300);
  expect(lines.lastElementChild?.textContent).toBe("line 1999");
  expect(find("#cell-work .log-dropped")?.textContent).toBe("1,700 earlier lines are not shown");
});
