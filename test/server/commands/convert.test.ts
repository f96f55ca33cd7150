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

test.for([
  [[], "Cannot convert: expected FROM and TO, found none"],
  [["a.md"], "Cannot convert: expected FROM and TO, found a.md"],
  [
    ["a.md", "b.html"],
    "Cannot convert a.md to b.html: expected one name that ends in .md and one in .ipynb",
  ],
] as const)("simile convert %s: status 2", async ([args, message]) => {
  const { status, errors } = await runCommand(["convert", ...args]);
  expect([status, errors.split("\n")[0]]).toEqual([2, message]);
});
