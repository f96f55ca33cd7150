import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Kernel } from "../support/kernel.ts";
import { kernelCells } from "../support/kernel-cells.ts";

const kernel = new Kernel();
afterEach(() => kernel.kill());

test("what a cell, and a module that it calls, write to the process's streams is told as the cell's, in order", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "written-")));
  writeFileSync(
    join(folder, "m.mjs"),
    'export const say = (text) => { console.log("module", text); console.error("oh"); }',
  );
  const cells = await kernelCells({
    a: 'import { say } from "./m.mjs"; console.log(1); process.stdout.write("2"); process.stdout.write(new TextEncoder().encode(" and 3\\n")); say(4); await new Promise((done) => setTimeout(done, 1)); say(5); await new Promise((done) => process.stdout.write("6", done));',
  });
  kernel.cells(cells, folder);
  await kernel.result("a");
  const logs = kernel.notices.flatMap((notice) => (notice.type === "log" ? [notice] : []));
  expect(new Set(logs.map(({ cell }) => cell))).toEqual(new Set(["a"]));
  const text = logs.map((log) => log.text + (log.partial ? "" : "\n")).join("");
  expect(text).toBe("1\n2 and 3\nmodule 4\noh\nmodule 5\noh\n6");
  expect(logs.filter(({ level }) => level === "error").map((log) => log.text)).toEqual([
    "oh",
    "oh",
  ]);
  expect(kernel.output).toBe("");
});
