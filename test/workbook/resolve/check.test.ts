import { describe, expect, test } from "vitest";
import { check, parse, resolve, usesOf } from "../../../src/workbook/index.ts";

const globals = {
  kernel: new Set(["Math", "Date", "crypto", "fetch", "Array", "process"]),
  browser: new Set(["Math", "Date", "document", "window"]),
};

/** Cells as `id: source`, kernel cells as `id kernel: source`, each on line 2 of its four. */
function text(...cells: string[]): string {
  return cells
    .map((cell) => {
      const [, id, attributes, source] = /^(\w+)([^:]*): ?(.*)$/s.exec(cell)!;
      return `\`\`\`ts {#${id}${attributes}}\n${source}\n\`\`\`\n`;
    })
    .join("\n");
}

async function found(whole: string): Promise<string[]> {
  const workbook = parse(whole);
  const findings = check(workbook, await resolve(workbook), { globals });
  return findings.map(
    ({ severity, kind, message, line, column }) =>
      `${line}:${column} ${severity === "warning" ? "warning " : ""}${kind}: ${message}`,
  );
}

describe("a workbook is checked without running it", () => {
  test("nothing is found in a sound one", async () => {
    const cells = [
      "n: const n = view(Inputs.range([0, 1]))",
      "m kernel: import {f} from 'simile'; const m = f(n, {signal, progress})",
      "map: heatmap(m, {width, at: document.title})",
    ];
    expect(await found(text(...cells))).toEqual([]);
  });

  test("an error of syntax, at its place in the file; its dependants are not reported", async () => {
    const cells = ["a: const one = 1;\nconst a = = 2", "b kernel: a + 1"];
    expect(await found(`# Title\n\n${text(...cells)}`)).toEqual([
      expect.stringMatching(/^5:11 syntax: /),
    ]);
  });

  test("a name declared twice is told in each cell, at the name", async () => {
    const cells = [
      "a: const one = 1, {x: [two = 3]} = f",
      "b kernel: const two = 2",
      "f: const f = 1",
    ];
    expect(await found(text(...cells))).toEqual([
      "2:21 duplicate: two is defined more than once: here and in #b",
      "6:7 duplicate: two is defined more than once: here and in #a",
    ]);
  });

  test("a cycle is told once, by its shortest way", async () => {
    const cells = [
      "a kernel: const a = b + c",
      "b: const b = c",
      "c kernel: const c = a",
      "d: const d = a",
    ];
    expect(await found(text(...cells))).toEqual([
      "2:15 cycle: #a waits for itself: it needs c of #c, which needs a of #a",
      "6:11 cycle: #b waits for itself: it needs c of #c, which needs a of #a, which needs b of #b",
    ]);
  });

  test("names that nothing defines are told once a cell, by the globals of its side", async () => {
    const cells = [
      "a: process.env + nowhere + nowhere",
      "b kernel: typeof window === 'undefined' ? document : process",
    ];
    expect(await found(text(...cells))).toEqual([
      "2:1 undefined: process is not defined: no cell declares it, and it is no builtin nor a global of the browser",
      "2:15 undefined: nowhere is not defined: no cell declares it, and it is no builtin nor a global of the browser",
      "6:33 undefined: document is not defined: no cell declares it, and it is no builtin nor a global of Node",
    ]);
  });

  test("each misuse of a cell is told, not only the first", async () => {
    const cells = ["n: let n = 1", "a: import x from 'y';\nn = 2", "b kernel: Plot.plot()"];
    expect(await found(text(...cells))).toEqual([
      expect.stringMatching(/^6:1 misuse: A browser cell cannot import "y"/),
      expect.stringMatching(/^7:1 misuse: Cannot assign to n: #n defines it/),
      expect.stringMatching(/^11:1 misuse: Plot is a builtin of browser cells/),
    ]);
  });

  test("values that are others at each run are warnings, unless the name is the workbook's own", async () => {
    const cells = [
      "a kernel: const r = Array.from({length: 3}, Math.random)",
      "b kernel: const d = [new Date(), new Date(0), Date(), Date.now(), Date.parse('')]",
      "c kernel: const u = [await fetch('x'), crypto.randomUUID()]",
      "d: const e = ((Math) => Math.random())({random: () => 4})",
      "e: const t = window.performance.now()",
    ];
    expect((await found(text(...cells))).map((line) => line.split(" is not ")[0])).toEqual([
      "2:35 warning varies: Math.random",
      "6:12 warning varies: new Date()",
      "6:37 warning varies: Date()",
      "6:45 warning varies: Date.now",
      "10:18 warning varies: fetch",
      "10:30 warning varies: crypto.randomUUID",
      "18:11 warning varies: performance.now",
    ]);
    expect(await found(text("a kernel: fetch(1)", "f kernel: const fetch = (n) => n"))).toEqual([]);
  });

  test("what the container reports is an error; a fence in another language may be meant", async () => {
    expect(await found("```py {1,2}\n1\n```\n\n```ts {#a run=often}\n1\n")).toEqual([
      expect.stringMatching(/^1:1 warning container: This fence is text/),
      "5:1 container: This cell's fence is never closed",
      "5:1 container: Unknown run=often: expected live, demand or once",
    ]);
  });
});

test("uses: the first argument as it stands, whether a name is free, and what is declared where", async () => {
  const workbook = parse(
    text(
      'a kernel: import {open} from "x";\nconst [{y: z}] = await import(`./a`);\nopen("b", 1); new q.R()',
    ),
  );
  const { analysis } = [...(await resolve(workbook)).cells.values()][0]!;
  const { uses, declared } = usesOf(analysis);
  expect(uses).toEqual([
    { path: "import", how: "call", free: false, count: 1, text: "./a", line: 2, column: 24 },
    { path: "open", how: "call", free: false, count: 2, text: "b", line: 3, column: 1 },
    { path: "q.R", how: "new", free: true, count: 0, line: 3, column: 15 },
  ]);
  expect(declared).toEqual([
    { name: "open", line: 1, column: 9 },
    { name: "z", line: 2, column: 12 },
  ]);
});
