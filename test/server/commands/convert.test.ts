import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";

const workbook = "# Title\n\n```ts {#a kernel}\n1 + 1\n```\n";

test("a workbook becomes a notebook, and the notebook the same workbook", async () => {
  const folder = await temporaryFolder();
  const [from, notebook, back] = ["a.md", "a.ipynb", "b.md"].map((name) => join(folder, name));
  writeFileSync(from!, workbook);
  const done = { status: 0, output: "", errors: "" };
  expect(await runCommand(["convert", from!, notebook!])).toEqual(done);
  expect(JSON.parse(readFileSync(notebook!, "utf8"))).toMatchObject({
    nbformat: 4,
    cells: [{ cell_type: "markdown" }, { cell_type: "code", id: "a" }],
  });
  expect(await runCommand(["convert", notebook!, back!])).toEqual(done);
  expect(readFileSync(back!, "utf8")).toBe(workbook);
});

test("nothing is replaced without --force; what is left out is said, in JSON too", async () => {
  const folder = await temporaryFolder();
  const [from, to] = [join(folder, "a.ipynb"), join(folder, "b.md")];
  const cell = { cell_type: "markdown", metadata: {}, source: "x", attachments: { a: {} } };
  writeFileSync(from, JSON.stringify({ nbformat: 4, metadata: {}, cells: [cell] }));
  writeFileSync(to, "mine");
  expect(await runCommand(["convert", from, to])).toEqual({
    status: 1,
    output: "",
    errors: `Cannot write ${to}: it exists already; --force replaces it\n`,
  });
  expect(readFileSync(to, "utf8")).toBe("mine");
  const note = "Cell 1: its attachments are left out";
  expect(await runCommand(["convert", from, to, "--force"])).toEqual({
    status: 0,
    output: "",
    errors: `${from}: ${note}\n`,
  });
  const { output } = await runCommand(["convert", from, to, "--force", "--json"]);
  expect(JSON.parse(output)).toEqual({ from, to, notes: [note] });
});

test("what cannot be converted: status 1, and nothing is written", async () => {
  const folder = await temporaryFolder();
  const [from, to] = [join(folder, "a.ipynb"), join(folder, "b.md")];
  expect(await runCommand(["convert", from, to])).toMatchObject({
    status: 1,
    errors: `Cannot convert ${from}: it cannot be read (ENOENT)\n`,
  });
  writeFileSync(from, "no");
  const { status, errors } = await runCommand(["convert", from, to]);
  expect(status).toBe(1);
  expect(errors).toMatch(/^Cannot read the notebook: it is no JSON: /);
  expect(() => readFileSync(to)).toThrow("ENOENT");
  writeFileSync(from, '{"nbformat":4,"cells":[]}');
  const nowhere = join(folder, "no", "b.md");
  expect(await runCommand(["convert", from, nowhere])).toMatchObject({
    status: 1,
    errors: `Cannot write ${nowhere}: there is no folder ${join(folder, "no")}\n`,
  });
});

const computing = [
  "```ts {#n}",
  "const n = view(Inputs.range([0, 10], {value: 3, step: 1}));",
  "```",
  "```ts {#a kernel}",
  "console.log('one'); console.log('two'); console.error('three');",
  "const m = n * 2;",
  "m + 1",
  "```",
  "```ts {#b kernel}",
  "throw new TypeError('no ' + m)",
  "```",
  "```ts {#c kernel}",
  "later",
  "```",
  "```ts {#d kernel}",
  "const later = 1;",
  "```",
  "",
].join("\n");

test("--outputs runs the workbook and keeps what its cells printed, came to and failed by, and its inputs", async () => {
  const folder = await temporaryFolder();
  const [from, to, back] = ["a.md", "a.ipynb", "b.md"].map((name) => join(folder, name));
  writeFileSync(from!, computing);
  const { status, errors } = await runCommand(["convert", from!, to!, "--outputs"]);
  expect({ status, notes: errors.split("\n").filter((line) => line.startsWith(from!)) }).toEqual({
    status: 1,
    notes: [
      `${from}: The cell #c reads later of the cell #d below it: Jupyter, which runs cells from top to bottom, cannot run it there`,
      `${from}: The cell #b failed`,
    ],
  });
  const { cells } = JSON.parse(readFileSync(to!, "utf8")) as { cells: Record<string, unknown>[] };
  expect(cells.map(({ id, outputs }) => [id, outputs])).toEqual([
    ["n", undefined],
    ["inputs", []],
    [
      "a",
      [
        { output_type: "stream", name: "stdout", text: "one\ntwo\n" },
        { output_type: "stream", name: "stderr", text: "three\n" },
        {
          output_type: "execute_result",
          data: { "text/plain": "7" },
          metadata: {},
          execution_count: 1,
        },
      ],
    ],
    ["b", [expect.objectContaining({ output_type: "error", ename: "TypeError", evalue: "no 6" })]],
    ["c", [expect.objectContaining({ data: { "text/plain": "1" }, execution_count: 3 })]],
    ["d", []],
  ]);
  expect(cells[1]).toMatchObject({ metadata: { tags: ["parameters"] }, source: ["let n = 3;"] });
  expect(await runCommand(["convert", to!, back!])).toMatchObject({ status: 0 });
  expect(readFileSync(back!, "utf8")).toBe(computing);
});

test("without --outputs nothing is run, and what Jupyter will miss is said", async () => {
  const folder = await temporaryFolder();
  const [from, to] = [join(folder, "a.md"), join(folder, "a.ipynb")];
  writeFileSync(from, computing);
  const { status, errors } = await runCommand(["convert", from, to]);
  expect([status, errors.split("\n")[0]]).toEqual([
    0,
    `${from}: Kernel cells read n of browser cells, for which Jupyter has no value: --outputs runs the workbook and writes those it had`,
  ]);
});

test("a workbook becomes an Observable notebook, and that the same cells; other pages are refused", async () => {
  const folder = await temporaryFolder();
  const [from, html, back] = ["a.md", "a.html", "b.md"].map((name) => join(folder, name));
  writeFileSync(from!, workbook);
  expect(await runCommand(["convert", from!, html!])).toEqual({
    status: 0,
    output: "",
    errors: `${from}: 1 cell is a kernel cell, which Observable's own tools would run in the page\n`,
  });
  expect(readFileSync(html!, "utf8")).toMatch(/^<!doctype html>\n<notebook theme="air">\n/);
  expect(await runCommand(["convert", html!, back!])).toMatchObject({ status: 0, errors: "" });
  expect(readFileSync(back!, "utf8")).toContain("```ts {#a kernel}\n1 + 1\n```\n");
  writeFileSync(html!, "<p>");
  expect(await runCommand(["convert", html!, back!, "--force"])).toMatchObject({
    status: 1,
    errors: `Cannot convert ${html}: it is no Observable notebook\n`,
  });
});

test.for([
  [[], "Cannot convert: expected FROM and TO, found none"],
  [["a.md"], "Cannot convert: expected FROM and TO, found a.md"],
  [
    ["a.md", "b.txt"],
    "Cannot convert a.md to b.txt: expected two names that end in two of .md, .ipynb and .html",
  ],
  [
    ["a.md", "b.md"],
    "Cannot convert a.md to b.md: expected two names that end in two of .md, .ipynb and .html",
  ],
  [
    ["a.md", "b.html", "--outputs"],
    "Cannot keep outputs in b.html: expected a name that ends in .ipynb",
  ],
] as const)("simile convert %s: status 2", async ([args, message]) => {
  const { status, errors } = await runCommand(["convert", ...args]);
  expect([status, errors.split("\n")[0]]).toEqual([2, message]);
});
