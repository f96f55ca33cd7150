// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { UnsavedView } from "../../../src/client/home/unsaved-view.ts";

afterEach(() => void vi.unstubAllGlobals());

const entry = { journal: "0.journal", path: "deep/a.md", edits: 2, time: 0 };

/** The view when the server has these, with what was asked of it and what came of it. */
async function shown(...unsaved: object[]) {
  const asked: unknown[] = [];
  const done: string[] = [];
  vi.stubGlobal("fetch", async (address: string, options?: RequestInit) => {
    if (options) asked.push([address, JSON.parse(options.body as string)]);
    return Response.json(options ? { path: "deep/a copy.md" } : { unsaved });
  });
  const view = new UnsavedView(
    (path, what) => done.push(`${path} ${what}`),
    (error) => done.push((error as Error).message),
  );
  await view.show();
  const button = (text: string) =>
    [...view.element.querySelectorAll("button")].find((one) => one.textContent === text)!;
  return { view, asked, done, button };
}

test("nothing is shown where all is saved", async () => {
  const { view } = await shown();
  expect(view.element.hidden).toBe(true);
});

test("what comes back by itself is opened", async () => {
  const { view } = await shown({ ...entry, edits: 1, opens: true });
  expect(view.element.querySelector("a")?.getAttribute("href")).toBe("/w/deep/a.md");
  expect(view.element.textContent).toMatch(/deep\/a\.md 1 edit until .*when you open it/);
  expect(view.element.querySelector("button")).toBeNull();
});

test("what has no file is made a workbook of, or deleted", async () => {
  const { view, asked, done, button } = await shown({ ...entry, opens: false });
  expect(view.element.textContent).toMatch(/2 edits until .*another one now, or gone/);
  button("Make a workbook of it").click();
  button("Delete").click();
  await vi.waitFor(() => expect(done).toHaveLength(2));
  expect(asked).toEqual([
    ["/api/workbooks/recover", { journal: "0.journal" }],
    ["/api/workbooks/discard", { journal: "0.journal" }],
  ]);
  expect(done).toEqual([
    "deep/a copy.md is back",
    "deep/a.md is in the trash, as it was not saved",
  ]);
});
