import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCheckpoint } from "../../../src/checkpoint/files/index.ts";
import { startSimile } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runCommand } from "../../support/run-command.ts";

const workbook = [
  "```ts {#controls}",
  'const n = view(Inputs.range([0, 10], {value: 3, step: 1, label: "n"}));',
  "```",
  "```ts {#double}",
  "const twice = 2 * n;",
  "```",
  "```ts {#a kernel}",
  'import {basename} from "node:path";',
  "const values: Float64Array = Float64Array.from({length: n}, (_, i) => i);",
  "const matrix = {shape: [2, 2], data: new Float32Array([1, 2, 3, 4]), metric: 'm', steps: Int32Array.of(7, 8)};",
  "console.log('hello', basename('x/y'));",
  "```",
  "```ts {#b kernel}",
  "const sum = values.reduce((a, b) => a + b, 0) + twice;",
  "const f = () => 1;",
  "const about = {when: new Date(0), size: new Map([['a', 1n]]), bad: [NaN], part: values.subarray(0, 1)};",
  "```",
  "```ts {#unseen}",
  "throw new Error('a browser cell that nothing needs is not run')",
  "```",
  "",
].join("\n");

async function written(text: string): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, "workbook.md");
  writeFileSync(file, text);
  return { folder, file };
}

test("the values of kernel cells, with inputs as nobody has touched them; what happens on standard error", async () => {
  const { file } = await written(workbook);
  const { status, output, errors } = await runCommand(["run", file]);
  expect({ status, errors }).toEqual({
    status: 0,
    errors: "running #a …\n#a: hello y\nrunning #b …\n",
  });
  expect(output).toContain("values = Float64Array(3) [ 0, 1, 2 ]\n");
  expect(output).toContain("sum = 9\nf = [Function: f]\n");
});

test("--set gives inputs, --json tells inputs, cells and values", async () => {
  const { folder, file } = await written(workbook);
  const args = ["run", file, "--set", "n=4", "--set=twice=ten"];
  const { status, output } = await runCommand([...args, "--json", "-"]);
  expect(status).toBe(0);
  const told = JSON.parse(output);
  expect(told).toMatchObject({ workbook: file, inputs: { n: 4, twice: "ten" } });
  expect(told.cells.map(({ id }: { id: string }) => id)).toEqual(["a", "b"]);
  const { values } = told;
  expect(Object.keys(values)).toEqual(["values", "matrix", "sum", "f", "about"]);
  expect(values.values).toEqual({
    cell: "a",
    preview: "Float64Array(4) [ 0, 1, 2, 3 ]",
    value: { shape: [4], dtype: "float64", data: [0, 1, 2, 3] },
  });
  expect(values.matrix.value).toEqual({
    metric: "m",
    steps: { shape: [2], dtype: "int32", data: [7, 8] },
    shape: [2, 2],
    dtype: "float32",
    data: [1, 2, 3, 4],
  });
  expect(values.sum).toMatchObject({ cell: "b", value: "6ten" });
  expect(values.f).toEqual({ cell: "b", preview: "[Function: f]", stays: true });
  expect(values.about.value).toEqual({
    when: "1970-01-01T00:00:00.000Z",
    size: [["a", "1"]],
    bad: [null],
    part: { shape: [1], dtype: "float64", data: [0] },
  });

  const out = join(folder, "out.json");
  expect(await runCommand([...args, "--json", out])).toMatchObject({ status: 0 });
  expect(JSON.parse(readFileSync(out, "utf8")).values.sum.value).toBe("6ten");
  expect(await runCommand([...args, "--json", out])).toMatchObject({
    status: 1,
    errors: `Cannot write ${out}: it exists already; --force replaces it\n`,
  });
});

test("--out-dir: numbers in a shape as .npz, the rest as .json, nothing replaced unasked", async () => {
  const { folder, file } = await written(workbook);
  const out = join(folder, "deep", "out");
  expect(await runCommand(["run", file, "--out-dir", out])).toMatchObject({ status: 0 });
  expect(JSON.parse(readFileSync(join(out, "sum.json"), "utf8"))).toBe(9);
  expect(existsSync(join(out, "f.json"))).toBe(false);
  const checkpoint = await openCheckpoint(join(out, "matrix.npz"));
  expect([...checkpoint.tensors.keys()]).toEqual(["matrix", "steps"]);
  expect(checkpoint.tensors.get("matrix")).toMatchObject({
    type: "F32",
    shape: [2, 2],
    bytes: new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer),
  });
  expect(checkpoint.tensors.get("steps")).toMatchObject({
    type: "I64",
    bytes: new Uint8Array(BigInt64Array.of(7n, 8n).buffer),
  });
  expect(JSON.parse(readFileSync(join(out, "matrix.json"), "utf8"))).toEqual({ metric: "m" });
  expect(existsSync(join(out, "values.json"))).toBe(false);
  const again = await runCommand(["run", file, "--out-dir", out]);
  expect(again).toMatchObject({
    status: 1,
    errors: `Cannot write ${join(out, "values.npz")}: it exists already; --force replaces it\n`,
  });
  expect(await runCommand(["run", file, "--out-dir", out, "--force"])).toMatchObject({ status: 0 });
});

test("--out-dir: pictures that cells show, and a similarity matrix, beside the values", async () => {
  const { folder, file } = await written(
    [
      '```ts {#plot kernel}\nimport * as Plot from "@observablehq/plot";\nPlot.lineY([1, 3, 2]).plot()\n```',
      "```ts {#two kernel}\ndisplay(svg`<svg><circle r='1'/></svg>`); display('text'); display(image(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)));\n```",
      "```ts {#made kernel}\nconst matrix = { shape: [2, 2], data: new Float64Array([1, 0, 0, 1]), metric: 'm' };\n```",
    ].join("\n\n"),
  );
  const out = join(folder, "out");
  const ran = await runCommand(["run", file, "--out-dir", out, "--json", join(folder, "out.json")]);
  expect(ran).toMatchObject({ status: 0 });
  const files = readdirSync(out).sort();
  expect(files).toEqual([
    "matrix.json",
    "matrix.npz",
    "matrix.svg",
    "plot.svg",
    "two.2.png",
    "two.svg",
  ]);
  expect(readFileSync(join(out, "plot.svg"), "utf8")).toMatch(/^<svg xmlns=.*<\/svg>$/s);
  expect(readFileSync(join(out, "two.2.png"))).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  expect(readFileSync(join(out, "matrix.svg"), "utf8")).toContain("data:image/png;base64,");
  expect(readFileSync(join(folder, "out.json"), "utf8")).not.toContain("xmlns");
  for (const name of ["matrix.json", "matrix.npz"]) rmSync(join(out, name));
  expect(await runCommand(["run", file, "--out-dir", out])).toMatchObject({
    status: 1,
    errors: `Cannot write ${join(out, "matrix.svg")}: it exists already; --force replaces it\n`,
  });
});

test("a cell that fails: status 1, its error at its place, those that wait for it say so, the rest is done", async () => {
  const { file } = await written(
    "```ts {#a kernel}\nconst a = 1;\nthrow new TypeError('no');\n```\n\n```ts {#b kernel}\na\n```\n\n```ts {#c kernel}\nconst c = 3\n```\n",
  );
  const { status, output, errors } = await runCommand(["run", file]);
  expect(status).toBe(1);
  expect(errors).toContain(`${file}:3:7: TypeError: no\n`);
  expect(errors).toContain(`${file}:7:1: Blocked: Waits for a`);
  expect(output).toBe("c = 3\n");
});

test("a cell that cannot run is an error at its place", async () => {
  const { file } = await written("```ts {#a kernel}\nconst a = ;\n```\n");
  const { status, errors } = await runCommand(["run", file]);
  expect({ status, errors }).toEqual({
    status: 1,
    errors: expect.stringMatching(/workbook\.md:2:11: SyntaxError: /),
  });
});

test("a command line that makes no sense: status 2", async () => {
  const { file } = await written(workbook);
  const first = async (...args: string[]) => {
    const { status, errors } = await runCommand(["run", ...args]);
    return [status, errors.split("\n")[0]];
  };
  expect(await first()).toEqual([2, "Cannot run: expected WORKBOOK, found none"]);
  expect(await first(file, "--set", "n")).toEqual([2, "Cannot use --set n: expected NAME=VALUE"]);
  expect(await first(file, "--set", "twic=1")).toEqual([
    2,
    "Cannot set twic: expected one of n, twice; did you mean twice?",
  ]);
  expect(await first(file, "--set", "n=1", "--set", "n=2")).toEqual([
    2,
    "Cannot set n: it is given twice",
  ]);
  const { file: plain } = await written("```ts {#a kernel}\n1\n```\n");
  expect(await first(plain, "--set", "n=1")).toEqual([
    2,
    "Cannot set n: expected none, for there is no input",
  ]);
});

test("Ctrl+C ends a cell that never would: status 130", async () => {
  const { file } = await written("```ts {#a kernel}\nfor (;;);\n```\n");
  const outcome = await startSimile(["run", file], (child) => {
    child.stderr!.on("data", () => child.kill("SIGINT"));
  });
  expect(outcome).toMatchObject({ status: 130, output: "" });
});

test("what fails is told at its place in the file, or in the module it is in; its names have no values", async () => {
  const { folder, file } = await written(
    [
      "```ts {#sound kernel}\nconst sound = 1;\n```",
      "```ts {#fails kernel}\nconst fails =\n  sound.nothing.at;\n```",
      "```ts {#waits kernel}\nconst waits = fails + 1;\n```",
      '```ts {#module kernel}\nimport { broken } from "./lib.ts";\nconst module = broken();\n```',
      '```ts {#syntax kernel}\nimport a = require("a")\n```',
      "```ts {#one kernel}\nconst twice = 1;\n```",
      "```ts {#two kernel}\nconst twice = 2;\n```",
    ].join("\n\n"),
  );
  writeFileSync(
    join(folder, "lib.ts"),
    "export const broken = () => {\n  throw new Error('no');\n};",
  );
  const { status, output, errors } = await runCommand(["run", file]);
  expect({ status, output }).toEqual({ status: 1, output: "sound = 1\n" });
  for (const line of [
    `${file}:7:17: TypeError: Cannot read properties of undefined (reading 'at')`,
    `${join(folder, "lib.ts")}:2:9: Error: no`,
    `${file}:20:1: SyntaxError: import = and export = make code of their own: write import … from`,
    `${file}:24:1: SyntaxError: twice is defined more than once: here and in #two`,
  ]) {
    expect(errors.split("\n")).toContain(line);
  }
});

test.for([
  ["in a cell", "process.exit(3);", ":10:11"],
  ["in a timer", "await new Promise(() => setTimeout(() => process.exit(3), 1));", ":10:52"],
])("process.exit %s is told at its place in the file", async ([, code, place]) => {
  const { file } = await written(
    `# Title\n\n\`\`\`ts {#a kernel}\nconst a = 1;\n\`\`\`\n\n\`\`\`ts {#b kernel}\nconst b: number =\n  a;\n  ${code}\n\`\`\``,
  );
  const { status, errors } = await runCommand(["run", file]);
  expect(status).toBe(1);
  expect(errors.trim().split("\n").at(-1)).toBe(
    `${file}${place}: Cannot run ${file}: process.exit(3) was called while the cell b ran`,
  );
});
