// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { KeptValues } from "../../../src/client/kept-values.ts";
import { lazyLibraries } from "../../../src/client/lazy-libraries.ts";
import { LinkedInputs } from "../../../src/client/link/linked-inputs.ts";
import type { ViewElement } from "../../../src/client/view.ts";
import { kernelCell, program } from "../../support/workbook-graph.ts";

const Inputs =
  (await lazyLibraries.inputs()) as typeof import("../../../src/client/scope/inputs.ts");

/** Views of a cell `c` on a page whose address ends in `hash`. */
function opened(hash = "", frozen: readonly string[] = []) {
  let changed = () => {};
  const said: (string | undefined)[] = [];
  const page = { hash, writes: 0 };
  const linked = new LinkedInputs({
    address: {
      read: () => page.hash,
      write: (hash) => {
        page.hash = hash;
        page.writes++;
      },
      onChange: (listener) => {
        changed = listener;
        return () => {
          changed = () => {};
        };
      },
    },
    say: (text) => said.push(text),
    frozen: new Set(frozen),
  });
  const kept = new KeptValues(linked);
  return {
    linked,
    kept,
    said,
    page,
    view<T extends ViewElement>(name: string, element: T): T {
      document.body.append(element);
      kept.adopt("c", name, element);
      return element;
    },
    address() {
      linked.writeNow();
      return page.hash;
    },
    goTo(hash: string) {
      page.hash = hash;
      changed();
    },
  };
}

function set(view: ViewElement, value: unknown): void {
  view.value = value;
  view.dispatchEvent(new Event("input", { bubbles: true }));
}

const range = (value = 3) => Inputs.range([0, 10], { step: 1, value });
const objects = [{ name: "a" }, { name: "b" }, { name: "c" }];

test("only what differs from how a cell made its view is in the address", () => {
  const { view, address } = opened();
  const n = view("n", range());
  const symmetrise = view("symmetrise", Inputs.toggle({ value: true }));
  expect(address()).toBe("");
  set(symmetrise, false);
  set(n, 5);
  expect(address()).toBe("#c.n=5&c.symmetrise=false");
  set(n, 3);
  expect(address()).toBe("#c.symmetrise=false");
});

test("a drag of many values is written once", async () => {
  const { view, page } = opened();
  const n = view("n", range());
  for (let value = 0; value <= 9; value++) set(n, value);
  await expect.poll(() => page.hash).toBe("#c.n=9");
  expect(page.writes).toBe(1);
});

const kinds: readonly (readonly [
  string,
  () => ViewElement,
  (view: ViewElement) => void,
  string,
])[] = [
  ["range", range, (view) => set(view, 7), "7"],
  ["text", () => Inputs.text({ value: "a" }), (view) => set(view, "5"), '"5"'],
  [
    "checkbox of objects",
    () => Inputs.checkbox(objects, { format: (d: { name: string }) => d.name }),
    (view) => set(view, [objects[0], objects[2]]),
    "~0,2",
  ],
  ["checkbox", () => Inputs.checkbox(["a", "b"]), (view) => set(view, ["b"]), '["b"]'],
  [
    "date",
    () => Inputs.date({ value: new Date("2026-01-01") }),
    (view) => set(view, new Date("2026-01-31")),
    "@2026-01-31",
  ],
  [
    "search",
    () => Inputs.search(["one", "two"]),
    (view) => {
      Object.assign(view, { query: "tw" });
      view.dispatchEvent(new Event("input", { bubbles: true }));
    },
    "?tw",
  ],
  [
    "form",
    () => Inputs.form({ n: range(), on: Inputs.toggle() }),
    (view) => set(view, { n: 4, on: true }),
    '{"n":4,"on":true}',
  ],
];

test.for(kinds)("the link reproduces a view: %s", ([, make, change, text]) => {
  const first = opened();
  const view = first.view("v", make());
  change(view);
  const hash = first.address();
  expect(decodeURIComponent(hash.replaceAll("+", " "))).toBe(`#c.v=${text}`);

  const second = opened(hash);
  const made = second.view("v", make());
  expect(made.value).toEqual(view.value);
  expect(second.address()).toBe(hash);
  expect(second.said).toEqual([]);
});

test("a value that a view does not take is ignored and said, and goes out of the address", () => {
  for (const text of ["abc", "99", "2.5", "~1", "[1]", "null"]) {
    const { view, said, address } = opened(`#c.n=${text}`);
    expect(view("n", range()).value, text).toBe(3);
    expect(said).toEqual([`Not used of the address: c.n=${text} (the input does not take it)`]);
    expect(address()).toBe("");
  }
});

test("states of views that no cell has are said; those of cells that have not run yet stay", () => {
  const { linked, said, address } = opened("#c.n=5&gone.n=1&c.plain=2&c.broken=3");
  linked.know([program("c", "", ["view"], ["n"]), program("d", "", [], ["plain"])]);
  expect(said.at(-1)).toBe(
    "Not used of the address: gone.n=1 (there is no such input); c.plain=2 (there is no such input); c.broken=3 (there is no such input)",
  );
  expect(address()).toBe("#c.n=5");
});

test("of a cell that is broken it is not known what it would show: its states stay", () => {
  const { linked, said, address } = opened("#c.n=5");
  linked.know([{ ...program("c", "", []), error: { name: "SyntaxError", message: "" } }]);
  expect([said, address()]).toEqual([[], "#c.n=5"]);
});

test("states of kernel cells and of prose are none", () => {
  const { linked, address } = opened("#c.n=5");
  linked.know([kernelCell("c", ["view"], ["n"])]);
  expect(address()).toBe("");
});

test("a state of a view that was there, and is not any more, goes without a word", () => {
  const { linked, view, said, address } = opened("#c.n=5");
  view("n", range());
  linked.know([]);
  expect([said, address()]).toEqual([[], ""]);
});

test("what the page says last is written when it goes, and nothing is heard after that", () => {
  const { linked, view, page, goTo } = opened();
  const n = view("n", range());
  set(n, 7);
  linked.dispose();
  expect(page.hash).toBe("#c.n=7");
  goTo("#c.n=2");
  expect(n.value).toBe(7);
});

test("a view that is made again keeps what the person set, against a new default too", () => {
  const { view, address } = opened("#c.n=5");
  set(view("n", range()), 7);
  const again = view("n", range(7));
  expect(again.value).toBe(7);
  expect(address()).toBe("");
  expect(view("n", range(2)).value).toBe(7);
  expect(address()).toBe("#c.n=7");
});

test("a search that is made again keeps its words", () => {
  const { view } = opened();
  const search = view("s", Inputs.search(["one", "two"]));
  Object.assign(search, { query: "tw" });
  search.dispatchEvent(new Event("input", { bubbles: true }));
  expect(view("s", Inputs.search(["one", "two"])).value).toEqual(["two"]);
});

test("a secret is never in the address, nor a file", () => {
  const { view, address, linked } = opened("#c.file=x");
  view("file", Inputs.file({ label: "File" }));
  set(view("key", Inputs.password({ label: "Key" })), "hunter2");
  set(view("long", Inputs.textarea({ label: "Long" })), "x".repeat(1001));
  expect(address()).toBe("");
  expect(linked.left).toEqual(["key", "long"]);
});

test("another address in its place sets what it says and resets the rest; a place on the page does neither", () => {
  const { view, goTo, address } = opened("#c.n=5");
  const n = view("n", range());
  const m = view("m", range());
  const heard: unknown[] = [];
  m.addEventListener("input", () => heard.push(m.value));
  goTo("#c.m=8");
  expect([n.value, m.value, heard]).toEqual([3, 8, [8]]);
  goTo("#cell-map");
  expect([n.value, m.value]).toEqual([3, 8]);
  expect(address()).toBe("#cell-map&c.m=8");
});

test("what a report has frozen is not set, and that is said", () => {
  const { view, kept, said, address } = opened("#c.n=5&c.bins=6", ["n"]);
  kept.preset("c", "n", 4);
  kept.preset("c", "bins", 7);
  expect(view("n", range()).value).toBe(4);
  expect(view("bins", range()).value).toBe(6);
  expect(said).toEqual([
    "Not used of the address: c.n=5 (it needs the kernel, which a report has not)",
  ]);
  expect(address()).toBe("#c.bins=6");
});
