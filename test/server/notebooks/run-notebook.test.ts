import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";

interface Draft {
  readonly source: string | readonly string[];
  readonly tags?: readonly string[];
  readonly type?: "markdown";
}

/** A notebook's file in a folder of its own, and the path of one to be written beside it. */
async function written(...cells: readonly Draft[]): Promise<{ file: string; out: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, "notebook.ipynb");
  writeFileSync(
    file,
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "simile", language: "typescript" }, mine: [1] },
      cells: cells.map(({ source, tags, type }, i) => ({
        id: `c${i}`,
        cell_type: type ?? "code",
        metadata: tags ? { tags } : {},
        source,
        ...(!type && { execution_count: 9, outputs: [{ output_type: "stream", text: "old" }] }),
      })),
    }),
  );
  return { file, out: join(folder, "out.ipynb") };
}

function read(path: string) {
  return JSON.parse(readFileSync(path, "utf8"));
}

const parameters = { source: "const n: number = 1, title = 'none';", tags: ["parameters"] };

test("a notebook is executed in order, and written with outputs", async () => {
  const { file, out } = await written(
    { source: "# Title", type: "markdown" },
    { source: ["const a: number = 20;\n", "console.log('printed'); console.error('aside');"] },
    { source: "  " },
    { source: "const shown = display('first'); a + 1" },
    { source: "shown.update('second'); clear(); [a]" },
  );
  const { status, output, errors } = await runCommand(["run", file, "-o", out]);
  expect({ status, output }).toEqual({ status: 0, output: "21\n[ 20 ]\n" });
  expect(errors).toContain("running In[1] …\n");
  const { cells, metadata } = read(out);
  expect(metadata).toMatchObject({ mine: [1], papermill: { exception: null, parameters: {} } });
  expect(cells[0]).toEqual({ id: "c0", cell_type: "markdown", metadata: {}, source: "# Title" });
  expect(cells[1]).toMatchObject({
    execution_count: 1,
    metadata: { papermill: { status: "completed", exception: false } },
    outputs: [
      { output_type: "stream", name: "stdout", text: "printed\n" },
      { output_type: "stream", name: "stderr", text: "aside\n" },
    ],
  });
  expect(cells[2]).toMatchObject({ execution_count: null, outputs: [] });
  expect(cells[3].outputs).toMatchObject([
    { output_type: "display_data", data: { "text/plain": "'second'" }, metadata: {} },
    { output_type: "execute_result", execution_count: 2, data: { "text/plain": "21" } },
  ]);
  expect(cells[4].outputs).toMatchObject([{ output_type: "execute_result" }]);
});

test("--set puts a cell in after the one tagged parameters, and in the place of an earlier one", async () => {
  const { file, out } = await written({ source: "const before = 1" }, parameters, {
    source: "n = n + 1; [n, title]",
  });
  const first = await runCommand(["run", file, "--set", "n=4", "--set=title=a b", "-o", out]);
  expect(first).toMatchObject({ status: 0, output: "[ 5, 'a b' ]\n" });
  const { cells, metadata } = read(out);
  expect(cells).toHaveLength(4);
  expect(cells[2]).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{8}$/),
    metadata: { tags: ["injected-parameters"] },
    source: '// Parameters\nlet n = 4;\nlet title = "a b";',
  });
  expect(metadata.papermill).toMatchObject({
    parameters: { n: 4, title: "a b" },
    input_path: file,
    output_path: out,
    duration: expect.any(Number),
  });
  const again = await runCommand(["run", out, "--set", "n=7"]);
  expect(again).toMatchObject({ status: 0, output: "[ 8, 'none' ]\n" });
});

test("a name that is no parameter is refused; without a cell of parameters any is taken", async () => {
  const { file } = await written(parameters);
  expect(await runCommand(["run", file, "--set", "titel=1"])).toMatchObject({
    status: 2,
    errors: expect.stringContaining(
      "Cannot set titel: expected one of n, title; did you mean title?",
    ),
  });
  const free = await written({ source: "typeof m" });
  expect(await runCommand(["run", free.file, "--set", "m=1"])).toMatchObject({
    status: 0,
    output: "'number'\n",
  });
  expect(await runCommand(["run", free.file, "--set", "a-b=1"])).toMatchObject({
    status: 2,
    errors: expect.stringContaining("Cannot set a-b: expected a name that code can declare"),
  });
});

test("the first error ends it, told with its place, and what was done is kept", async () => {
  const { file, out } = await written(
    { source: "throw new RangeError('meant')", tags: ["raises-exception"] },
    { source: "throw 1", tags: ["skip-execution"] },
    { source: "1;\nnull.x" },
    { source: "never" },
  );
  const { status, errors } = await runCommand(["run", file, "-o", out]);
  expect(status).toBe(1);
  expect(errors).toContain("In[2]:2:6");
  const { cells, metadata } = read(out);
  expect(cells[0].outputs).toMatchObject([{ output_type: "error", ename: "RangeError" }]);
  expect(cells[2].outputs).toMatchObject([{ output_type: "error", ename: "TypeError" }]);
  const states = cells.map((cell: { metadata: { papermill: { status: string } } }) => {
    return cell.metadata.papermill.status;
  });
  expect(states).toEqual(["failed", "pending", "failed", "pending"]);
  expect(metadata.papermill.exception).toBe(true);
});

test("a cell that makes no sense, and one that ends the process, fail as cells do", async () => {
  const wrong = await written({ source: "const = 1" });
  expect(await runCommand(["run", wrong.file])).toMatchObject({
    status: 1,
    errors: expect.stringContaining("SyntaxError"),
  });
  const leaving = await written(
    { source: "process.exit(3)", tags: ["raises-exception"] },
    { source: "1" },
  );
  const { status, output, errors } = await runCommand(["run", leaving.file]);
  expect({ status, output }).toEqual({ status: 1, output: "" });
  expect(errors).toContain("KernelDied\u001b[0m: process.exit(3) was called in line 1");
});

test("what is no notebook of TypeScript, and flags of workbooks, are refused", async () => {
  const { file, out } = await written({ source: "1" });
  for (const flag of ["--json", "--out-dir"]) {
    expect(await runCommand(["run", file, flag, "x"])).toMatchObject({
      status: 2,
      errors: expect.stringContaining(`Cannot use ${flag} with a notebook: expected -o`),
    });
  }
  writeFileSync(out, "kept");
  expect(await runCommand(["run", file, "-o", out])).toMatchObject({
    status: 1,
    errors: expect.stringContaining("it exists already; --force replaces it"),
  });
  expect(readFileSync(out, "utf8")).toBe("kept");
  writeFileSync(file, '{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "R"}}}');
  expect(await runCommand(["run", file])).toMatchObject({
    status: 1,
    errors: expect.stringContaining("expected cells in TypeScript or JavaScript, found R"),
  });
  const workbook = join(file, "..", "workbook.md");
  writeFileSync(workbook, "text");
  expect(await runCommand(["run", workbook, "-o", "x.ipynb"])).toMatchObject({
    status: 2,
    errors: expect.stringContaining("Cannot use -o with a workbook"),
  });
  expect(existsSync("x.ipynb")).toBe(false);
});
