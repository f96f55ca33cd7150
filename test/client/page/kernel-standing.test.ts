// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { cells, opened, result, workbook } from "../../support/open-page.ts";
import { kernelCell, passes } from "../../support/workbook-graph.ts";

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

test("a reason that is a whole sentence is not told within another", () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  const told = () => find(".banner p")?.textContent;
  says(workbook(cells), { type: "kernel", state: "died", reason: "The kernel was killed" });
  const after = "Its values are gone, and nothing runs again until you restart it.";
  expect(told()).toBe(`The kernel was killed. ${after}`);
  says({ type: "kernel", state: "died", reason: "The kernel was killed", culprit: "work" });
  expect(told()).toBe(`The kernel was killed. It ran work. ${after}`);
  says({ type: "kernel", state: "died" });
  expect(told()).toBe(`The kernel stopped: no reason is known. ${after}`);
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
