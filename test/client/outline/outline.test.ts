// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { DocumentModel } from "../../../src/client/document/index.ts";
import { headingsOf, outlineOf } from "../../../src/client/outline/headings.ts";
import { outlinePanel } from "../../../src/client/outline/index.ts";
import type { EditedWorkbook } from "../../../src/protocol/index.ts";
import { cellWith } from "../../support/edited-workbooks.ts";

describe("headings of Markdown", () => {
  test.for([
    ["after hashes, one to six, with a space", "# A\n\n###### B\n####### c\n#d", ["1 A", "6 B"]],
    ["with closing hashes", "## A ##", ["2 A"]],
    ["underlined", "A\n===\n\nB of\ntwo\n---", ["1 A", "2 B of two"]],
    ["not rules, lists or tables", "---\n\n- a\n---\n\n***", []],
    ["not in code", "```\n# a\n```\n\n~~~~\n# b\n~~~\n# c\n~~~~\n# D", ["1 D"]],
    ["as they are read", "# *A* `b` [c](d) **e** f\\_g $x_1$", ["1 A b c e f_g $x_1$"]],
  ] as const)("%s", ([, source, expected]) => {
    expect(headingsOf(source).map(({ level, title }) => `${level} ${title}`)).toEqual(expected);
  });
});

const prose = (id: string, source: string) => ({ ...cellWith(id, source), kind: "prose" }) as const;
const content: EditedWorkbook = {
  cells: [
    prose("intro", "# One\n\ntext\n\n## Two"),
    cellWith("fit", "1"),
    { ...cellWith("cell-3", "2"), anonymous: true },
    prose("end", "# Three"),
  ],
  matter: {},
  kept: { front: "", tail: "" },
};

test.for([
  ["const {a} = f();\nconst matrix = 1", "matrix"],
  ["async function load() {}", "load"],
  ["heatmap(matrix)", undefined],
])("a cell with an id that was made, of %j, is called %j", ([source, title]) => {
  const places = outlineOf({ ...content, cells: [cellWith("negufu", source as string)] });
  expect(places[0]?.title).toBe(title);
});

test("an outline has the headings, and named cells below the heading above them", () => {
  expect(outlineOf(content).map(({ title, level, cell }) => [title, level, cell])).toEqual([
    ["One", 1, "intro"],
    ["Two", 2, "intro"],
    ["fit", 3, "fit"],
    ["Three", 1, "end"],
  ]);
});

function opened() {
  const model = new DocumentModel({ send: () => {} });
  model.hear({ type: "document", content, epoch: "e", revision: 0 });
  const visited: string[] = [];
  const closing = new AbortController();
  const shown = outlinePanel({
    model,
    cell: () => undefined,
    visit: (id) => visited.push(id),
  }).open(closing.signal);
  document.body.replaceChildren(shown);
  const items = () => [...shown.querySelectorAll("button")];
  return { model, visited, shown, items, closing };
}

test("a press goes there", () => {
  const { items, visited } = opened();
  items()[2]!.click();
  expect(visited).toEqual(["fit"]);
  expect(items()[0]!.getAttribute("aria-current")).toBe("location");
});

test("arrow keys go through it, and to its ends", () => {
  const { items, shown } = opened();
  items()[0]!.focus();
  const press = (key: string) => {
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    return items().indexOf(document.activeElement as HTMLButtonElement);
  };
  expect(["ArrowDown", "ArrowDown", "ArrowUp", "End", "ArrowDown", "Home"].map(press)).toEqual([
    1, 2, 1, 3, 3, 0,
  ]);
  expect(shown.contains(document.activeElement)).toBe(true);
});

test("it follows what is written until it is closed", async () => {
  const { items, model, closing } = opened();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  model.edit("delete", [{ type: "delete", cell: "fit" }]);
  await frame();
  expect(items().map(({ textContent }) => textContent)).toEqual(["One", "Two", "Three"]);
  closing.abort();
  model.edit("delete", [{ type: "delete", cell: "end" }]);
  await frame();
  expect(items()).toHaveLength(3);
});
