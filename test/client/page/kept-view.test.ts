// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { element } from "../../../src/client/element.ts";
import { KeptView } from "../../../src/client/page/kept-view.ts";

const cell = (id: string, kind: string, ...parts: Element[]) =>
  element("section", { class: "cell", "data-cell": id, "data-kind": kind }, ...parts);
const part = (name: string, height: number, ...content: Element[]) => {
  const made = element("div", { class: name }, ...content);
  Object.defineProperty(made, "offsetHeight", { value: height });
  return made;
};
const standing = (made: HTMLElement, top: number, bottom: number) => {
  made.getBoundingClientRect = () => ({ top, bottom }) as DOMRect;
  return made;
};

/** What was asked for at the next frame, once the cells are seen, has been done. */
const frame = async () => {
  await Promise.resolve();
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
};

function opened() {
  const list = element("main");
  document.body.replaceChildren(list);
  const view = new KeptView(list, () => "book.md");
  const roomOf = (id: string) =>
    list.querySelector<HTMLElement>(`[data-cell=${id}]`)?.style.getPropertyValue("--kept-height");
  return { list, view, roomOf };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  window.scrollTo(0, 0);
});

afterEach(() => vi.restoreAllMocks());

test("what a cell shows has the room that it took when the page was left", async () => {
  localStorage.setItem("heights book.md", '{"gone": 90, "a": 1}');
  const before = opened();
  before.list.append(
    cell("a", "browser", part("output", 320, element("figure"))),
    cell("b", "kernel", part("output", 0), part("shown", 200, element("p"))),
    cell("c", "browser", part("output", 20, element("p"))),
    cell("d", "browser", part("output", 0)),
  );
  before.view.keep();
  expect(JSON.parse(localStorage.getItem("heights book.md") ?? "")).toEqual({
    gone: 90,
    a: 320,
    b: 200,
    c: 20,
  });

  const { list, roomOf } = opened();
  list.append(cell("a", "browser"), cell("b", "kernel"), cell("c", "browser"));
  await vi.waitFor(() => expect(roomOf("a")).toBe("320px"));
  expect(roomOf("b")).toBe("200px");
  expect(roomOf("c")).toBe("");
});

test.for(["[", "null", '{"a": "320"}'])("%j in the storage keeps no room", async (text) => {
  localStorage.setItem("heights book.md", text);
  const { list, roomOf } = opened();
  list.append(cell("a", "browser"));
  await Promise.resolve();
  await Promise.resolve();
  expect(roomOf("a")).toBe("");
});

test.for([
  ["reload", 130],
  ["back_forward", 130],
  ["navigate", undefined],
] as const)("after a %s the cell that was read is moved by %j", async ([type, by]) => {
  const before = opened();
  before.list.append(
    standing(cell("a", "browser"), -900, -5),
    standing(cell("b", "browser"), -30, 70),
  );
  await frame();
  vi.spyOn(window, "scrollY", "get").mockReturnValue(900);
  before.view.keep();
  vi.restoreAllMocks();

  vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ type } as never]);
  const moved = vi.spyOn(window, "scrollBy").mockReturnValue();
  const { list } = opened();
  list.append(cell("a", "browser"), standing(cell("b", "browser"), 100, 200));
  await frame();
  expect(moved.mock.calls[0]).toEqual(by === undefined ? undefined : [0, by]);
});

test("what was read from its beginning is read from there", async () => {
  sessionStorage.setItem("place book.md", '{"cell": "a", "top": -3}');
  opened().view.keep();
  vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ type: "reload" } as never]);
  const moved = vi.spyOn(window, "scrollBy").mockReturnValue();
  const { list } = opened();
  list.append(standing(cell("a", "browser"), 100, 200));
  await frame();
  expect(moved).not.toHaveBeenCalled();
});
