import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CellError, ExecutionNotice } from "../../../src/protocol/index.ts";
import { Kernel, type Notice } from "../../support/kernel.ts";
import { kernelCells } from "../../support/kernel-cells.ts";

type Executed = ExecutionNotice & { type: "executed" };

let folder: string;
let kernel: Kernel;
let count = 0;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "reload-")));
  kernel = new Kernel(folder);
});
afterEach(async () => {
  await kernel.kill();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

const runsSince = (from: number) =>
  kernel.notices.slice(from).filter((notice) => notice.type === "run");

/** Does something to the files and waits until the cell is stale. */
async function edit(cell: string, act: () => void): Promise<void> {
  const from = kernel.notices.length;
  act();
  await kernel.state(cell, "stale", from);
}

async function execute(code: string): Promise<Executed> {
  const id = `In[${++count}]`;
  kernel.send({ type: "execute", id, code });
  const notice = await kernel.find(
    (notice: Notice | ExecutionNotice) => notice.type === "executed" && notice.id === id,
  );
  return notice as unknown as Executed;
}

const shown = async (code: string) => {
  const { bundle, error } = await execute(code);
  return error ? error.message : bundle?.["text/plain"];
};

const errorOf = async (cell: string): Promise<CellError | undefined> =>
  (await kernel.result(cell)).error;

const value = async (cell: string): Promise<unknown> => (await kernel.result(cell)).values?.[cell];

describe("an edited module", () => {
  test("makes the cells stale that import it, through any number of modules, and no others", async () => {
    write("deep.ts", "export const deep: number = 1;");
    write("middle.mjs", 'export { deep as middle } from "./deep.js";');
    write("other.ts", "export const state: number = Math.random();");
    const cells = await kernelCells({
      a: 'import { middle } from "./middle"; const a = middle',
      b: "const b = a * 10",
      c: 'import { state } from "./other.ts"; const c = state',
      d: 'const { deep: d } = await import("./deep.ts")',
      e: "const e = 5",
    });
    kernel.cells(cells, folder);
    expect(await value("b")).toEqual(10);
    expect(await value("d")).toEqual(1);
    const c = await value("c");
    await kernel.result("e");
    const from = kernel.notices.length;
    await edit("a", () => write("deep.ts", "export const deep: number = 2;"));
    expect(await value("b")).toEqual(20);
    expect(await value("d")).toEqual(2);
    expect(await value("c")).toBe(c);
    await kernel.result("e");
    const told = (state: string) =>
      runsSince(from)
        .filter((run) => run.state === state)
        .toSorted((one, other) => (one.cell < other.cell ? -1 : 1));
    const why = ["deep.ts"];
    expect(told("stale")).toEqual(
      ["a", "b", "d"].map((cell) => ({ type: "run", cell, state: "stale", why, edited: true })),
    );
    expect(told("running")).toEqual(
      ["a", "b", "d"].map((cell) => ({ type: "run", cell, state: "running", why })),
    );
  });

  test("with a mistake fails its cells at file, line and column until it is mended", async () => {
    write("wrong.ts", "export const one: number = 1;");
    write("above.ts", 'import { one } from "./wrong.ts";\nexport const two = one + 1;');
    kernel.cells(await kernelCells({ a: 'import { two } from "./above"; const a = two' }), folder);
    expect(await value("a")).toEqual(2);
    await edit("a", () => write("wrong.ts", "export const\n\tone: number = = 1;"));
    expect(await errorOf("a")).toEqual({
      name: "SyntaxError",
      message: "Expression expected",
      at: { cell: "", file: "wrong.ts", line: 2, column: 16, text: "\tone: number = = 1;" },
      frames: [
        { cell: "", file: "wrong.ts", line: 2, column: 16, text: "\tone: number = = 1;" },
        { cell: "a", line: 1, column: 1 },
      ],
    });
    await edit("a", () => write("wrong.ts", "export const one = 5;"));
    expect(await value("a")).toEqual(6);
    await edit("a", () => write("wrong.ts", "export const uno = 5;"));
    expect(await errorOf("a")).toMatchObject({
      message: expect.stringMatching(/wrong\.ts.*does not provide an export named 'one'/),
      at: { file: "above.ts", line: 1 },
    });
    await edit("a", () => write("wrong.ts", "export const one = 7;"));
    expect(await value("a")).toEqual(8);
  });

  test("may be deleted, come back, and be saved by renaming", async () => {
    write("m.ts", "export const n = 1;");
    write("above.mjs", '// First.\nexport * from "./m";');
    kernel.cells(await kernelCells({ a: 'import { n } from "./above.mjs"; const a = n' }), folder);
    expect(await value("a")).toEqual(1);
    await edit("a", () => rmSync(join(folder, "m.ts")));
    expect(await errorOf("a")).toMatchObject({
      name: "Error",
      message: `Cannot import "./m": there is no file ${join(folder, "m")}`,
      at: { file: "above.mjs", line: 2, column: 15 },
    });
    await edit("a", () => write("m.ts", "export const n = 2;"));
    expect(await value("a")).toEqual(2);
    await edit("a", () => {
      write("m.ts.new", "export const n = 3;");
      renameSync(join(folder, "m.ts.new"), join(folder, "m.ts"));
    });
    expect(await value("a")).toEqual(3);
  });

  test("may be CommonJS or data", async () => {
    write("deep.cjs", "exports.n = 1");
    write("top.cjs", 'exports.n = require("./deep.cjs").n');
    write("data.json", '{"n": 1}');
    kernel.cells(
      await kernelCells({
        a: 'import { n } from "./top.cjs"; const a = n',
        b: 'import data from "./data.json"; const b = data.n',
        c: 'const c = require("./deep.cjs").n + require("./data").n',
      }),
      folder,
    );
    expect(await value("a")).toEqual(1);
    expect(await value("b")).toEqual(1);
    await edit("b", () => write("data.json", '{"n": 2}'));
    expect(await value("b")).toEqual(2);
    expect(await value("c")).toBe(3);
    await edit("c", () => write("deep.cjs", "exports.n = 3"));
    expect(await value("c")).toBe(5);
    expect(await value("a")).toEqual(3);
  });

  test("is the same when its text is; a package's is nobody's to edit", async () => {
    write("m.ts", "export const n = 1;");
    const own = join("node_modules", "own");
    mkdirSync(join(folder, own), { recursive: true });
    write(join(own, "package.json"), '{"name": "own", "main": "index.js", "type": "module"}');
    write(join(own, "index.js"), "export const n = 1");
    kernel.cells(
      await kernelCells({
        a: 'import { n } from "./m.ts"; const a = n',
        b: 'import { n as m } from "own"; const b = m',
        c: 'import { n as o } from "./late.ts"; const c = o',
      }),
      folder,
    );
    await kernel.result("a");
    await kernel.result("b");
    await kernel.result("c");
    const from = kernel.notices.length;
    write("m.ts", "export const n = 1;");
    write(join(own, "index.js"), "export const n = 2");
    await edit("c", () => write("late.ts", "export const n = 9"));
    expect(await value("c")).toEqual(9);
    await kernel.result("a");
    await kernel.result("b");
    expect(
      runsSince(from).flatMap(({ cell, state }) => (state === "running" ? [cell] : [])),
    ).toEqual(["c"]);
  });

  test("leaves one watch on its folder, however often it is edited", async () => {
    write("m.ts", "export const n = 0;");
    const watches =
      'process.getActiveResourcesInfo().filter((name) => name === "FSEVENTWRAP" || name === "FSEvent").length';
    kernel.cells(
      await kernelCells({ a: `import { n } from "./m.ts"; const a = [n, ${watches}]` }),
      folder,
    );
    await kernel.result("a");
    let first: unknown;
    for (let n = 1; n <= 10; n++) {
      await edit("a", () => write("m.ts", `export const n = ${n};`));
      const a = (await value("a")) as [number, number];
      expect(a[0]).toBe(n);
      first ??= a[1];
      expect(a[1]).toBe(first);
    }
  });
});

describe("executions", () => {
  test("see an edited module at once, unless they gave the name another value", async () => {
    write("m.ts", "export const n: number = 1; export const kept = 'a'; export let state = {};");
    await execute('import { n, kept as mine } from "./m"; import * as all from "./m.ts"');
    await execute("let mine = 'b'");
    expect(await shown("[n, all.n, mine]")).toBe("[ 1, 1, 'b' ]");
    write("m.ts", "export const n: number = 2; export const kept = 'c'");
    expect(await shown("[n, all.n, mine]")).toBe("[ 2, 2, 'b' ]");
    expect(await shown('(await import("./m")).kept')).toBe("'c'");
  });

  test("say what is wrong with it, each time, and go on when it is mended", async () => {
    write("m.ts", "export const n = 1;");
    await execute('import { n } from "./m.ts"');
    write("m.ts", "export const n = ;");
    for (let i = 0; i < 2; i++) {
      expect((await execute("1")).error).toMatchObject({
        name: "SyntaxError",
        at: { file: "m.ts", line: 1, column: 18 },
      });
    }
    write("m.ts", "export const n = 4;");
    expect(await shown("n")).toBe("4");
  });
});

describe("a failure in a module", () => {
  test("is told at its place, with the way to the cell", async () => {
    write(
      "lib.ts",
      "interface Options { a: number }\nexport function run(options?: Options): number {\n\treturn options!.a;\n}",
    );
    kernel.cells(
      await kernelCells({ a: 'import { run } from "./lib";\nconst a = [1].map(() => run())' }),
      folder,
    );
    const place = { cell: "", file: "lib.ts", line: 3, column: 18, text: "\treturn options!.a;" };
    expect(await errorOf("a")).toEqual({
      name: "TypeError",
      message: "Cannot read properties of undefined (reading 'a')",
      at: place,
      frames: [place, { cell: "a", line: 2, column: 25 }, { cell: "a", line: 2, column: 15 }],
    });
  });
});

test("modules import what cells import: the library, and what comes with it", async () => {
  write(
    "lib.ts",
    'import { randomBilinear } from "simile"; import { mean } from "d3"; export const all = [typeof randomBilinear, mean([1, 3])];',
  );
  kernel.cells(
    await kernelCells(
      {
        a: 'import { all } from "./lib.ts"; import { randomBilinear } from "simile"; const a = [...all, (await import("simile")).randomBilinear === randomBilinear]',
        b: 'import "no-such-package"',
      },
      { wanted: ["a"] },
    ),
    folder,
  );
  expect(await errorOf("a")).toBeUndefined();
  expect(await value("a")).toEqual(["function", 2, true]);
  expect(await errorOf("b")).toMatchObject({
    message: `Cannot import "no-such-package": there is no such package in ${folder} or above, and none comes with Simile`,
    at: { cell: "b", line: 1, column: 1 },
  });
});
