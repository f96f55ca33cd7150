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
  expect(left).toBe("unsent");
  expect(tabText("a.md", left).load()).toBe("unsent");
  expect(await leftBehind("a.md")).toBeUndefined();
});

test("a tab that lives keeps its own", async () => {
  tabText("a.md").store("unsent", false);
  sessionStorage.clear();
  expect(await leftBehind("a.md")).toBeUndefined();
  ends();
  expect(await leftBehind("a.md")).toBe("unsent");
});

test("what the server has is not left behind", async () => {
  const tab = tabText("a.md");
  tab.store("unsent", false);
  tab.store("sent", true);
  ends();
  expect(await leftBehind("a.md")).toBeUndefined();
});

test("a tab that is reloaded goes on with what it had", async () => {
  tabText("a.md").store("unsent", false);
  held.length = 0;
  expect(await leftBehind("a.md")).toBeUndefined();
  expect(tabText("a.md", "older").load()).toBe("unsent");
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
  expect([await leftBehind("b.md"), await leftBehind("c.md")]).toEqual([undefined, "unsent"]);
  expect(localStorage).toHaveLength(0);
});

test("after a rename what is sent is not left behind under either name", async () => {
  const tab = tabText("a.md");
  tab.store("unsent", false);
  tab.moved("b.md");
  tab.store("sent", true);
  ends();
  expect([await leftBehind("a.md"), await leftBehind("b.md")]).toEqual([undefined, undefined]);
});
