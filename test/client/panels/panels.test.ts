// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { element } from "../../../src/client/element.ts";
import { Panels } from "../../../src/client/panels/index.ts";

beforeEach(() => {
  localStorage.clear();
  document.body.replaceChildren();
  windowIs("wide");
});

afterEach(() => vi.restoreAllMocks());

function windowIs(how: "wide" | "narrow") {
  const matches = how === "narrow";
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches } as MediaQueryList);
}

/** A page with a button and panels `a` and `b`; what they were told is in `log`. */
function opened() {
  const log: string[] = [];
  const panels = new Panels();
  const outside = element("button", {}, "outside");
  document.body.replaceChildren(outside, panels.element);
  const panel = (name: string) => ({
    name,
    title: name.toUpperCase(),
    open(closed: AbortSignal) {
      log.push(`${name} opens`);
      closed.addEventListener("abort", () => log.push(`${name} closes`));
      return element("p", {}, element("input", { id: `in-${name}` }));
    },
  });
  const find = (selector: string) => panels.element.querySelector<HTMLElement>(selector)!;
  const tab = (name: string) => find(`[data-panel="${name}"]`);
  const pressEscape = (on: Element) =>
    on.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  return { panels, outside, log, panel, find, tab, pressEscape };
}

test("without panels there is no rail; each one added has its name there", () => {
  const { panels, panel, tab } = opened();
  expect(panels.element.hidden).toBe(true);
  panels.add(panel("a"));
  panels.add(panel("b"));
  expect(panels.element.hidden).toBe(false);
  expect([tab("a"), tab("b")].map((each) => each.textContent)).toEqual(["A", "B"]);
});

test("a tab opens its panel, another one takes its place, a second press closes it", () => {
  const { panels, panel, tab, find, log } = opened();
  panels.add(panel("a"));
  panels.add(panel("b"));
  tab("a").click();
  expect(panels.open).toBe("a");
  expect(find("aside").hidden).toBe(false);
  expect(find("h2").textContent).toBe("A");
  expect(tab("a").getAttribute("aria-expanded")).toBe("true");
  tab("b").click();
  expect(log).toEqual(["a opens", "a closes", "b opens"]);
  expect(find("#in-a")).toBeNull();
  expect(tab("a").getAttribute("aria-expanded")).toBe("false");
  tab("b").click();
  expect(panels.open).toBeUndefined();
  expect(find("aside").hidden).toBe(true);
  expect(log.at(-1)).toBe("b closes");
});

test("Escape in a panel closes it and goes back to where the person was, and nothing else hears it", () => {
  const { panels, panel, find, outside, pressEscape } = opened();
  panels.add(panel("a"));
  const heard: string[] = [];
  document.addEventListener("keydown", ({ key }) => heard.push(key), { once: true });
  outside.focus();
  panels.show("a");
  expect(document.activeElement).toBe(find("h2"));
  find("#in-a").focus();
  pressEscape(find("#in-a"));
  expect(panels.open).toBeUndefined();
  expect(document.activeElement).toBe(outside);
  expect(heard).toEqual([]);
  pressEscape(outside);
  expect(heard).toEqual(["Escape"]);
});

test("when what had the focus is gone, it goes to the tab", () => {
  const { panels, panel, tab, outside } = opened();
  panels.add(panel("a"));
  outside.focus();
  panels.show("a");
  outside.remove();
  panels.close();
  expect(document.activeElement).toBe(tab("a"));
});

test("a page that opens shows the panel that was open last, and leaves the focus where it is", () => {
  const first = opened();
  first.panels.add(first.panel("a"));
  first.panels.add(first.panel("b"));
  first.tab("b").click();
  first.panels.dispose();
  expect(first.log.at(-1)).toBe("b closes");

  const second = opened();
  second.outside.focus();
  second.panels.add(second.panel("a"));
  expect(second.panels.open).toBeUndefined();
  second.panels.add(second.panel("b"));
  expect(second.panels.open).toBe("b");
  expect(document.activeElement).toBe(second.outside);
  second.panels.close();

  const third = opened();
  third.panels.add(third.panel("b"));
  expect(third.panels.open).toBeUndefined();
});

test("a panel that is not there is named", () => {
  expect(() => opened().panels.show("graph")).toThrow(
    new RangeError("Cannot show the panel graph: there is none of this name"),
  );
});

test("a panel's count stands beside its name, until there is nothing to count", () => {
  const { panels, panel, tab } = opened();
  let tell = (_: number) => {};
  let ends: AbortSignal | undefined;
  panels.add({
    ...panel("a"),
    count(told, until) {
      tell = told;
      ends = until;
    },
  });
  tell(3);
  expect(tab("a").textContent).toBe("A 3");
  tell(12);
  expect(tab("a").textContent).toBe("A 12");
  tell(0);
  expect(tab("a").textContent).toBe("A");
  panels.dispose();
  expect(ends?.aborted).toBe(true);
});

test("in a window where it would lie over the cells, the panel that was open last stays closed", () => {
  const before = opened();
  before.panels.add(before.panel("a"));
  before.tab("a").click();
  windowIs("narrow");
  const { panels, panel, tab } = opened();
  panels.add(panel("a"));
  expect(panels.open).toBeUndefined();
  tab("a").click();
  expect(panels.open).toBe("a");
});
