// @vitest-environment happy-dom
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { WorkbookPage } from "../../src/client/workbook-page.ts";
import { deleteCells } from "../../src/editing/index.ts";
import type { CellDefinition, KernelRequest, PageNotice } from "../../src/protocol/index.ts";
import { workbookWith } from "../support/edited-workbooks.ts";
import { LooseSocket } from "../support/loose-socket.ts";
import { expression, kernelCell, passes, program } from "../support/workbook-graph.ts";

beforeEach(() => {
  sessionStorage.clear();
  Object.assign(globalThis, { counted: 0 });
});

const prose: CellDefinition = {
  id: "intro",
  version: "1",
  kind: "prose",
  source: "# Hello",
  html: "<h1>Hello</h1>",
  line: 1,
  run: "live",
};
const counted = expression("counted", "++globalThis.counted + 0 * m", ["m"]);
const cells = [prose, kernelCell("work", [], ["m"]), counted];

/** A page on a socket whose other end is the test. */
function opened(path = "a.md") {
  const sockets: LooseSocket[] = [];
  const page = new WorkbookPage(path, () => {
    sockets.push(new LooseSocket());
    return sockets.at(-1)!;
  });
  document.body.replaceChildren(page.element);
  onTestFinished(() => page.close());
  const says = (...notices: PageNotice[]) => {
    for (const notice of notices) sockets.at(-1)!.says(notice);
  };
  const requests = () =>
    sockets.flatMap(({ sent }) => sent as KernelRequest[]).filter(({ type }) => type === "request");
  const find = (selector: string) => page.element.querySelector<HTMLElement>(selector);
  return { page, sockets, says, requests, find };
}

function workbook(
  changed: readonly CellDefinition[],
  rest: Partial<Extract<PageNotice, { type: "workbook" }>> = {},
): PageNotice {
  return {
    type: "workbook",
    title: "A workbook",
    path: "a.md",
    trusted: true,
    cause: "open",
    order: changed.map(({ id }) => id),
    changed,
    removed: [],
    ...rest,
  };
}

const result = (seq: number, m: number): PageNotice => ({
  type: "result",
  client: "c",
  seq,
  cell: "work",
  result: `r${seq}`,
  ms: 5,
  values: { m },
});

test("an open workbook asks the kernel once it is known how the kernel is", async () => {
  const { sockets, says, requests, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells));
  await passes();
  expect(requests()).toEqual([]);
  says({ type: "kernel", state: "none" });
  await passes();
  expect(requests()).toMatchObject([{ seq: 1, cells: [{ id: "work" }] }]);
  says(result(1, 3));
  await passes();
  expect(find("#cell-counted .output")?.textContent).toBe("1");
  expect(document.title).toBe("A workbook · Simile");
});

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

test("a workbook that was renamed has its new address, and is opened there after a lost connection", async () => {
  const { sockets, says } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "moved", path: "deep/b c.md" });
  expect(location.pathname).toBe("/w/deep/b%20c.md");
  sockets[0]?.breaks();
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.opens();
  expect(sockets[1]?.sent[0]).toMatchObject({ type: "open", workbook: "deep/b c.md" });
});

test("a workbook that was renamed can be undone in after a reload, and is as wide as it was", () => {
  const { sockets, says, page } = opened();
  sockets[0]?.opens();
  const content = workbookWith("1", "2");
  says(workbook([expression("a", "1"), expression("b", "2")]));
  says({ type: "document", content, epoch: "e", revision: 0 });
  page.model.edit("delete a cell", deleteCells(content, ["b"]).operations);
  page.element.classList.add("is-wide");
  says({ type: "moved", path: "deep/b c.md" });
  page.close();
  const again = opened("deep/b c.md").page;
  expect(again.element.classList.contains("is-wide")).toBe(true);
  expect(again.model.undoLabel).toBe("delete a cell");
  again.model.undo();
  expect(again.model.content.cells.map(({ source }) => source)).toEqual(["1", "2"]);
  expect(opened("a.md").page.model.undoLabel).toBeUndefined();
});

test("after a lost connection nothing that stayed the same is evaluated again", async () => {
  const { sockets, says, requests, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "none" });
  await passes();
  says(result(1, 3));
  await passes();
  sockets[0]?.breaks();
  expect(find(".chip[data-state=lost]")?.textContent).toBe("offline");
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  await passes();
  expect(requests()).toHaveLength(1);
  expect(find("#cell-counted .output")?.textContent).toBe("1");
});

test("what was waited for when the connection was lost is asked for again", async () => {
  const { sockets, says, requests } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "none" });
  await passes();
  sockets[0]?.breaks();
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  await passes();
  expect(requests()).toMatchObject([{ seq: 1 }, { seq: 2, cells: [{ id: "work" }] }]);
});

test("a kernel that died is named with its cell; nothing is asked until it was restarted", async () => {
  const { sockets, says, requests, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  await passes();
  says(result(1, 3));
  await passes();
  says({ type: "kernel", state: "died", reason: "it ran out of memory", culprit: "work" });
  says(
    workbook([kernelCell("work", [], ["m"], "2")], {
      cause: "disk",
      order: cells.map((c) => c.id),
    }),
  );
  await passes();
  expect(find(".banner")?.textContent).toBe(
    "The kernel stopped while it ran work: it ran out of memory. Its values are gone, and nothing runs again until you restart it.Restart",
  );
  expect(requests()).toHaveLength(1);
  find(".banner button")?.click();
  expect(sockets[0]?.sent.at(-1)).toEqual({ type: "restart" });
  says({ type: "kernel", state: "starting" });
  await passes();
  expect(requests()).toHaveLength(1);
  says({ type: "kernel", state: "ready" });
  await passes();
  expect(find(".banner")).toBeNull();
  expect(requests()).toHaveLength(2);
  expect(requests()[1]?.cells).toEqual([{ id: "work" }]);
});

test("a cell that does not stop is named, and ending the kernel is offered", async () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  says({ type: "kernel", state: "busy", culprit: "work", reason: "it is deaf", stuck: true });
  expect(find(".banner")?.textContent).toBe("Stopping work has not helped: it is deaf.End kernel");
  find(".banner button")?.click();
  expect(sockets[0]?.sent.at(-1)).toEqual({ type: "restart" });
  says({ type: "kernel", state: "busy" });
  expect(find(".banner")).toBeNull();
});

test("a kernel restarted while it was well is asked for everything again, once", async () => {
  const { sockets, says, requests } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "none" });
  await passes();
  says({ type: "kernel", state: "starting" }, { type: "kernel", state: "ready" });
  await passes();
  expect(requests()).toHaveLength(1);
  says(result(1, 3));
  await passes();
  says(
    { type: "kernel", state: "starting" },
    { type: "kernel", state: "ready" },
    { type: "kernel", state: "busy" },
  );
  await passes();
  expect(requests()).toHaveLength(2);
});

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

test("the Stop button is there while the kernel is busy", () => {
  const { sockets, says, page } = opened();
  sockets[0]?.opens();
  const stop = () =>
    [...page.element.querySelectorAll("button")].find((b) => b.textContent === "Stop")!;
  expect(stop().hidden).toBe(true);
  says({ type: "kernel", state: "busy", bytes: 212e6 });
  expect(stop().hidden).toBe(false);
  expect(page.element.querySelector(".chip[data-state=busy]")?.textContent).toBe(
    "kernel busy · 212 MB",
  );
  stop().click();
  expect(sockets[0]?.sent.at(-1)).toEqual({ type: "stop" });
});

test("a failed cell tells its cause, its line and the way to it; what reads it waits in one line", async () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  const bad = program("bad", "const one = 1;\n  null.x;", [], ["a"]);
  says(workbook([bad, expression("below", "a", ["a"])]), { type: "kernel", state: "none" });
  await passes();
  expect(find("#cell-bad .failure p")?.textContent).toBe(
    "TypeError: Cannot read properties of null (reading 'x')",
  );
  expect(find("#cell-bad .excerpt pre")?.textContent).toBe("2   null.x;\n         ^");
  const place = find("#cell-bad .excerpt a");
  expect(place?.textContent).toBe("bad:2:8");
  place?.click();
  expect(find("#code-bad")?.hidden).toBe(false);
  expect(find("#code-bad .marked-line")?.getAttribute("style")).toBe("--line:1");
  expect(find("#cell-below")?.dataset["state"]).toBe("blocked");
  expect(find("#cell-below .quiet-line")?.textContent).toBe("Waits for a");
  expect(find("#cell-below .quiet-line a")?.getAttribute("href")).toBe("#cell-bad");
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

test("trouble with the file, a refusal and output of nobody are told above, and can be put away", () => {
  const { sockets, says, page } = opened();
  sockets[0]?.opens();
  says({ type: "file", problem: "Cannot open a.md: there is no such file" });
  says({ type: "refused", message: "Cannot run: busy" });
  says({ type: "uncaught", error: { name: "Error", message: "late" } });
  const texts = () => [...page.element.querySelectorAll(".banner p")].map((p) => p.textContent);
  expect(texts()).toEqual([
    "Cannot open a.md: there is no such file",
    "Cannot run: busy",
    "The kernel says: Error: late",
  ]);
  says({ type: "file" });
  for (const put of page.element.querySelectorAll<HTMLElement>(".banner button")) put.click();
  expect(texts()).toEqual([]);
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

test("a cell edited so that it cannot run has failed, whatever its last run was told to be", async () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  await passes();
  says(result(1, 3), { type: "run", cell: "work", state: "stale" });
  const error = { name: "SyntaxError", message: "')' expected" };
  const broken: CellDefinition = { ...kernelCell("work", [], ["m"], "2"), error };
  says(workbook([broken], { cause: "disk", order: cells.map(({ id }) => id) }));
  await passes();
  expect(find("#cell-work")?.dataset["state"]).toBe("failed");
});

test("what is doubtful in the file is told with its line, until it is mended", () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  const diagnostics = [{ line: 7, message: "This cell's fence is never closed" }];
  says(workbook(cells, { diagnostics }));
  expect(find(".banner p")?.textContent).toBe(
    "Line 7 of the file: This cell's fence is never closed",
  );
  says(workbook([], { cause: "disk", order: cells.map(({ id }) => id), diagnostics: [] }));
  expect(find(".banner")).toBeNull();
});

test("a server that does not answer is said not to, with a way to try at once", async () => {
  const { sockets, find } = opened();
  sockets[0]?.breaks();
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.breaks();
  expect(find(".banner p")?.textContent).toContain("Simile does not answer");
  find(".banner button")?.click();
  expect(sockets).toHaveLength(3);
  sockets[2]?.opens();
  expect(find(".banner")).toBeNull();
});
