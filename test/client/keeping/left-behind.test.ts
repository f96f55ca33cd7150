// @vitest-environment happy-dom
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { leftBehind, tabText } from "../../../src/client/keeping/index.ts";

const held: string[] = [];

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  held.length = 0;
  vi.stubGlobal("navigator", {
    locks: {
      request: async (name: string) => void held.push(name),
      query: async () => ({ held: held.map((name) => ({ name })) }),
    },
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
});

/** A tab that has gone, as far as this one can tell. */
function ends(): void {
  held.length = 0;
  sessionStorage.clear();
}

test("what a tab had not sent when it ended is taken by the next one, once", async () => {
  tabText("a.md").store("unsent", false);
  ends();
  expect(await leftBehind("b.md")).toBeUndefined();
  const left = await leftBehind("a.md");
  expect(left?.text).toBe("unsent");
  expect(tabText("a.md", left).load()).toBe("unsent");
  expect(await leftBehind("a.md")).toBeUndefined();
});

test("a tab that lives keeps its own", async () => {
  tabText("a.md").store("unsent", false);
  sessionStorage.clear();
  expect(await leftBehind("a.md")).toBeUndefined();
  ends();
  expect((await leftBehind("a.md"))?.text).toBe("unsent");
});

test("what the server has is not left behind", async () => {
  const tab = tabText("a.md");
  tab.store("unsent", false);
  tab.store("sent", true);
  ends();
  expect(await leftBehind("a.md")).toBeUndefined();
});

test("a tab that is reloaded goes on with what it had, which is not left behind any more", async () => {
  tabText("a.md").store("unsent", false);
  held.length = 0;
  expect(await leftBehind("a.md")).toBeUndefined();
  expect(tabText("a.md").load()).toBe("unsent");
  ends();
  expect(await leftBehind("a.md")).toBeUndefined();
});

test("a tab that comes back older than what it left has that; what another tab left is not its", async () => {
  tabText("a.md").store("other", false);
  const [other] = Object.keys(localStorage);
  sessionStorage.clear();
  tabText("a.md").store("older", false);
  const [key] = Object.keys(localStorage).filter((one) => one !== other);
  held.length = 0;
  localStorage.setItem(key!, `${Date.now() + 1_000} newer`);
  const left = await leftBehind("a.md");
  expect(tabText("a.md", left).load()).toBe("newer");
  expect(localStorage.getItem(key!)).toBeNull();
  expect(localStorage.getItem(other!)).toMatch(/ other$/);
});

test("what is taken over is left behind again should this tab end before it is sent", async () => {
  tabText("a.md").store("unsent", false);
  ends();
  tabText("a.md", await leftBehind("a.md"));
  ends();
  const left = await leftBehind("a.md");
  expect(left?.text).toBe("unsent");
  tabText("a.md", left).store("sent", true);
  ends();
  expect([await leftBehind("a.md"), localStorage.length]).toEqual([undefined, 0]);
});

test("a browser without locks or room has nothing left, and goes on", async () => {
  vi.stubGlobal("navigator", {});
  const tab = tabText("a.md");
  tab.store("unsent", false);
  sessionStorage.clear();
  expect(await leftBehind("a.md")).toBeUndefined();
});

test("a workbook that is renamed takes along what its tab keeps, sent and unsent", async () => {
  const tab = tabText("a.md");
  tab.store("sent", true);
  tab.moved("b.md");
  expect([tabText("a.md").load(), tabText("b.md").load()]).toEqual([null, "sent"]);
  tab.store("unsent", false);
  tab.moved("c.md");
  ends();
  const [b, c] = [await leftBehind("b.md"), await leftBehind("c.md")];
  expect([b, c?.text]).toEqual([undefined, "unsent"]);
  expect(localStorage).toHaveLength(1);
});

test("after a rename what is sent is not left behind under either name", async () => {
  const tab = tabText("a.md");
  tab.store("unsent", false);
  tab.moved("b.md");
  tab.store("sent", true);
  ends();
  expect([await leftBehind("a.md"), await leftBehind("b.md")]).toEqual([undefined, undefined]);
});
