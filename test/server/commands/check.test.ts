import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";

const workbooks = fileURLToPath(new URL("../../../workbooks", import.meta.url));
const shipped = readdirSync(workbooks).filter((name) => name.endsWith(".md"));

async function written(text: string): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, "workbook.md");
  writeFileSync(file, text);
  return { folder, file };
}

test.for(shipped)("nothing is wrong with %s", async (name) => {
  const { status, output, errors } = await runCommand(["check", join(workbooks, name)]);
  expect({ status, output, errors }).toEqual({
    status: 0,
    output: "no errors, no warnings\n",
    errors: "",
  });
});

test("errors: status 3, a line each with its place; warnings alone: status 0", async () => {
  const { file } = await written(
    "```ts {#a kernel}\nconst a = b\n```\n\n```ts {#c}\nMath.random()\n```\n",
  );
  const both = await runCommand(["check", file]);
  expect(both.status).toBe(3);
  expect(both.output.split("\n")).toEqual([
    `${file}:2:11: undefined: b is not defined: no cell declares it, and it is no builtin nor a global of Node`,
    `${file}:6:1: warning: Math.random is not the same twice: a generator with a seed gives the same numbers each time`,
    "1 error, 1 warning",
    "",
  ]);
  const { file: other } = await written("```ts {#c}\nDate.now()\n```\n");
  expect(await runCommand(["check", other])).toMatchObject({ status: 0 });
});

test("errors of types are told at their place in the file, once, and not where the name itself is unknown", async () => {
  const { file } = await written(
    [
      "---",
      "title: Types",
      "---",
      "",
      "```ts {#a kernel}",
      "interface P { x: number }",
      "const p: P = { x: 'one' };",
      "```",
      "",
      "```ts {#b}",
      "p.y; nowhere.z; nowhere.z; [p].find(Boolean).x",
      "```",
      "",
      "```ts {#c kernel}",
      "const = p.nothing",
      "```",
      "",
    ].join("\n"),
  );
  const { status, output } = await runCommand(["check", file]);
  expect(status).toBe(3);
  expect(output.split("\n")).toEqual([
    `${file}:7:16: type: Type 'string' is not assignable to type 'number'`,
    `${file}:11:3: type: Property 'y' does not exist on type 'P'`,
    `${file}:11:6: undefined: nowhere is not defined: no cell declares it, and it is no builtin nor a global of the browser`,
    `${file}:11:28: warning: Object is possibly 'undefined'`,
    expect.stringMatching(/:15:7: syntax: /),
    "4 errors, 1 warning",
    "",
  ]);
});

test("files that are named and not there are found; those that are there, packages and built names are not", async () => {
  const { folder, file } = await written(
    [
      "```ts {#a kernel}",
      'import {openSeries, openCheckpoint} from "simile";',
      'import {x} from "./lib.ts";',
      'import {y} from "./gone.ts?v=1";',
      'const z = [await openSeries("data"), await openSeries(`nodata`)];',
      'const [k] = [await openCheckpoint(y), await import("node:fs"), await import("../no.mjs")];',
      "```",
      "",
    ].join("\n"),
  );
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "lib.ts"), "export const x = 1;");
  const { status, output } = await runCommand(["check", file, "--json"]);
  expect(status).toBe(3);
  expect(JSON.parse(output)).toEqual({
    file,
    findings: [
      [4, 1, join(folder, "gone.ts")],
      [5, 44, join(folder, "nodata")],
      [6, 70, join(folder, "..", "no.mjs")],
    ].map(([line, column, path]) => ({
      severity: "error",
      kind: "missing",
      message: `There is no file or folder ${path}`,
      cell: "a",
      line,
      column,
    })),
  });
});

test("a file that is only read must be there; one that a cell writes, or asks for, may not", async () => {
  const { folder, file } = await written(
    [
      "```ts {#a kernel}",
      'import { existsSync, readFileSync, writeFileSync } from "node:fs";',
      'const gone = readFileSync("gone.txt", "utf8"), there = readFileSync("workbook.md");',
      'const made = (writeFileSync("made.txt", ""), readFileSync("made.txt"));',
      'const asked = existsSync("asked.txt") ? readFileSync("asked.txt") : image("no.png");',
      "```",
      "",
    ].join("\n"),
  );
  const { status, output } = await runCommand(["check", file]);
  expect(output.split("\n")).toEqual([
    `${file}:3:14: missing: There is no file or folder ${join(folder, "gone.txt")}`,
    `${file}:5:69: missing: There is no file or folder ${join(folder, "no.png")}`,
    "2 errors, no warnings",
    "",
  ]);
  expect(status).toBe(3);
});

test("in an HTML file, where cells stand indented, columns are those of the file", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "a.html");
  writeFileSync(
    file,
    `<!doctype html>
<notebook theme="air">
  <title>A</title>
  <script id="1" type="text/x-typescript" kernel="">
    const a: number = "text";
    const b = nowhere;
    import "./gone.ts";
  </script>
  <script id="2" type="module">
  twice; Math.random()
  </script>
</notebook>
`,
  );
  const { output } = await runCommand(["check", file]);
  expect(output.split("\n").map((line) => line.replace(/^(.*?:\d+:\d+: \w+).*/, "$1"))).toEqual([
    `${file}:5:11: type`,
    `${file}:6:15: undefined`,
    `${file}:7:5: missing`,
    `${file}:10:3: undefined`,
    `${file}:10:10: warning`,
    "4 errors, 1 warning",
    "",
  ]);
});

test("checking runs nothing", async () => {
  const { folder, file } = await written(
    '```ts {#a kernel}\nimport fs from "node:fs";\nfs.writeFileSync("ran", "");\n```\n',
  );
  expect(await runCommand(["check", file])).toMatchObject({ status: 0 });
  expect(readdirSync(folder)).toEqual(["workbook.md"]);
});

test("a workbook that cannot be read: status 1; none: status 2", async () => {
  const folder = await temporaryFolder();
  expect(await runCommand(["check", join(folder, "no.md")])).toEqual({
    status: 1,
    output: "",
    errors: `Cannot check ${join(folder, "no.md")}: it cannot be read (ENOENT)\n`,
  });
  const none = await runCommand(["check"]);
  expect(none.status).toBe(2);
  expect(none.errors).toMatch(/^Cannot check: expected WORKBOOK, found none\n/);
});
