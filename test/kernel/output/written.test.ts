import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Kernel } from "../../support/kernel.ts";
import { kernelCells } from "../../support/kernel-cells.ts";
import { nodeVersions } from "../../support/nodes.ts";

/** What goes on after its cell has ended, once `go` is fulfilled, and writes with what it is given. */
const later: Readonly<Record<string, string>> = {
  "an await": "(async () => { await go; write() })()",
  "a module's await": '(await import("./later.mjs")).after(go, write)',
  "a promise's reaction": "go.then(() => write())",
  "a timer": "go.then(() => setTimeout(write))",
  "an interval of a module": '(await import("./later.mjs")).often(go, write)',
  nextTick: "(async () => { await go; process.nextTick(write) })()",
};

describe.each(nodeVersions())("on Node $name", (node) => {
  let kernel: Kernel;
  beforeEach(() => {
    kernel = new Kernel(undefined, [], { node });
  });
  afterEach(() => kernel.kill());

  const logs = () => kernel.notices.flatMap((notice) => (notice.type === "log" ? [notice] : []));

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
    const told = logs();
    expect(new Set(told.map(({ cell }) => cell))).toEqual(new Set(["a"]));
    const text = told.map((log) => log.text + (log.partial ? "" : "\n")).join("");
    expect(text).toBe("1\n2 and 3\nmodule 4\noh\nmodule 5\noh\n6");
    expect(told.filter(({ level }) => level === "error").map((log) => log.text)).toEqual([
      "oh",
      "oh",
    ]);
    expect(kernel.output).toBe("");
  });

  test.for(Object.entries(later))(
    "what a cell writes after %s is its own, although another runs by then",
    async ([, code]) => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), "written-")));
      writeFileSync(
        join(folder, "later.mjs"),
        `export const after = async (go, write) => { await go; write() };
      export const often = (go, write) => go.then(() => { const timer = setInterval(() => { clearInterval(timer); write() }) });`,
      );
      // The function that writes is nobody's: only what calls it can tell whose text it is.
      const setup = `let release, all, count = 0;
      globalThis.go = new Promise((done) => { release = done });
      globalThis.both = new Promise((done) => { all = done });
      globalThis.release = () => release();
      globalThis.write = () => { process.stdout.write("late\\n"); if (++count === 2) all() };
      const ready = 1`;
      kernel.cells(
        await kernelCells({
          setup,
          a: `${code}; ready`,
          b: `${code}; ready`,
          c: "process.stdout.write('c\\n'); release(); await both; process.stdout.write('c again\\n'); ready",
        }),
        folder,
      );
      for (const cell of ["a", "b", "c"]) {
        expect((await kernel.result(cell)).error).toBeUndefined();
      }
      expect(
        logs()
          .map(({ cell, text }) => `${cell}: ${text}`)
          .sort(),
      ).toEqual(["a: late", "b: late", "c: c", "c: c again"]);
    },
  );
});
