// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { checkpointsPanel } from "../../../../src/client/panels/checkpoints/index.ts";
import type { CheckpointFolders, SeriesNews } from "../../../../src/protocol/index.ts";

afterEach(() => void vi.unstubAllGlobals());

const folders: CheckpointFolders = {
  folders: [
    { path: "data/run", files: 2, bytes: 1_234_567, steps: [0, 100_000] },
    { path: "", files: 1, bytes: 12 },
  ],
};

/** The panel on a server that lists `folders`, and tells of a series what the test says. */
function opened(list: CheckpointFolders = folders) {
  const asked: string[] = [];
  const encoder = new TextEncoder();
  let stream: ReadableStreamDefaultController<Uint8Array>;
  let isCancelled = false;
  vi.stubGlobal("fetch", async (href: string, { signal }: RequestInit = {}) => {
    asked.push(href);
    if (href === "/api/checkpoints") return Response.json(list);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        stream = controller;
        signal?.addEventListener("abort", () => {
          isCancelled = true;
          controller.error(signal.reason);
        });
      },
    });
    return new Response(body);
  });
  const inserted: string[] = [];
  const closed = new AbortController();
  const element = checkpointsPanel({
    insert: (kind, path) => inserted.push(`${kind} ${path}`),
    choose: () => {},
  }).open(closed.signal);
  document.body.replaceChildren(element);
  const press = (name: string) =>
    Array.from(element.querySelectorAll("button"))
      .find((one) => one.textContent?.includes(name) && !one.hidden)!
      .click();
  return {
    element,
    asked,
    inserted,
    closed,
    press,
    isCancelled: () => isCancelled,
    text: () => element.textContent ?? "",
    says: (...news: SeriesNews[]) => {
      for (const one of news) stream.enqueue(encoder.encode(`${JSON.stringify(one)}\n`));
    },
    ends: () => stream.close(),
  };
}

const series: SeriesNews = {
  type: "series",
  series: {
    summary: "2 checkpoints, steps 0 to 100,000",
    adapter: "simile",
    network: "226 → bilinear 64 → 113",
    files: [
      { name: "step_0.pt", state: "read", step: 0, bytes: 617_283 },
      { name: "step_100000.pt", state: "read", step: 100_000, bytes: 617_284 },
      { name: "notes.txt", state: "left out", bytes: 1, reason: "not a checkpoint" },
    ],
    tensors: [{ name: "left", type: "F32", shape: [64, 226] }],
  },
};

async function openedSeries() {
  const page = opened();
  await vi.waitFor(() => expect(page.text()).toContain("data/run"));
  page.press("data/run");
  await vi.waitFor(() => expect(page.asked).toHaveLength(2));
  return page;
}

test("folders are listed with their files, sizes and steps", async () => {
  const { text, asked } = opened();
  await vi.waitFor(() => expect(text()).toContain("2 files · 1.2 MB · steps 0 to 100,000"));
  expect(text()).toContain("The served folder itself1 file · 12 bytes");
  expect(asked).toEqual(["/api/checkpoints"]);
});

test("where there is none, it is said what is looked for; where there are more, that there are", async () => {
  const none = opened({ folders: [] });
  await vi.waitFor(() =>
    expect(none.text()).toContain("There is no checkpoint in the served folder"),
  );
  const more = opened({ ...folders, truncated: true });
  await vi.waitFor(() =>
    expect(more.text()).toContain("There are more folders than were looked through"),
  );
});

test("reading a large series is counted, and can be stopped before its audit", async () => {
  const page = await openedSeries();
  page.says({ type: "progress", done: 120, total: 4000, reading: true });
  await vi.waitFor(() => expect(page.text()).toContain("Reading: 120 of 4,000 files"));
  const bar = page.element.querySelector("progress")!;
  expect([bar.hidden, bar.value, bar.max]).toEqual([false, 120, 4000]);
  page.press("Stop");
  await vi.waitFor(() => expect(page.text()).toContain("Reading was stopped"));
  expect(page.isCancelled()).toBe(true);
  page.press("Read again");
  await vi.waitFor(() => expect(page.asked).toHaveLength(3));
});

test("a series shows what it holds, its audit with files, and a cell that opens it", async () => {
  const page = await openedSeries();
  expect(page.asked[1]).toBe("/api/series?folder=data%2Frun");
  page.says(series, { type: "progress", done: 1, total: 2 });
  await vi.waitFor(() => expect(page.text()).toContain("Audit: 1 of 2 checkpoints"));
  for (const said of [
    "226 → bilinear 64 → 113",
    "step_100000.pt",
    "617 kB",
    "left64 × 226F32",
    "notes.txtnot a checkpoint",
  ])
    expect(page.text()).toContain(said);
  page.says({
    type: "audit",
    schedule: "every 100,000 steps",
    findings: [
      {
        kind: "duplicate",
        message: "Both hold the same numbers",
        files: ["step_0.pt", "step_100000.pt"],
      },
    ],
  });
  page.ends();
  await vi.waitFor(() =>
    expect(page.text()).toContain("Audit: 1 finding to look at; stored at every 100,000 steps"),
  );
  expect(page.element.querySelector(".findings")?.textContent).toBe(
    "duplicate Both hold the same numbersstep_0.pt step_100000.pt ",
  );
  page.press("Insert a cell");
  expect(page.inserted).toEqual(["series data/run"]);
});

test("an audit can be stopped and begun again; one without findings says so", async () => {
  const page = await openedSeries();
  page.says(series, { type: "progress", done: 1, total: 2 });
  await vi.waitFor(() => expect(page.text()).toContain("1 of 2"));
  page.press("Stop");
  await vi.waitFor(() => expect(page.text()).toContain("The audit was stopped"));
  expect(page.isCancelled()).toBe(true);
  page.press("Audit again");
  await vi.waitFor(() => expect(page.asked).toHaveLength(3));
  page.says(series, { type: "audit", findings: [] });
  page.ends();
  await vi.waitFor(() => expect(page.text()).toContain("Audit: nothing was found"));
});

test("an audit ends with the panel, and with the way back", async () => {
  const first = await openedSeries();
  first.closed.abort();
  expect(first.isCancelled()).toBe(true);
  const second = await openedSeries();
  second.press("All folders");
  expect(second.isCancelled()).toBe(true);
  await vi.waitFor(() => expect(second.text()).toContain("2 files"));
});

test("a server that fails, or ends before the audit is there, is told", async () => {
  const page = await openedSeries();
  page.says({ type: "failed", message: "Cannot open data/run: permission denied" });
  page.ends();
  await vi.waitFor(() => expect(page.text()).toContain("Cannot open data/run: permission denied"));
  const cut = await openedSeries();
  cut.says(series);
  cut.ends();
  await vi.waitFor(() => expect(cut.text()).toContain("The server ended the audit early"));
});
