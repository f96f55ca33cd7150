import { describe, expect, test } from "vitest";
import { type Graph, parse, type ResolvedCell, resolve } from "../../../src/workbook/index.ts";

const never = (): never => {
  throw new Error("TypeScript was loaded");
};

/** Cells as `id: source`, kernel cells as `id kernel: source`. */
function text(...cells: string[]): string {
  return cells
    .map((cell) => {
      const [, id, attributes, source] = /^(\w+)([^:]*): ?(.*)$/s.exec(cell)!;
      return `\`\`\`ts {#${id}${attributes}}\n${source}\n\`\`\`\n`;
    })
    .join("\n");
}

async function graphOf(cells: string[], previous?: Graph): Promise<Graph> {
  return resolve(parse(text(...cells)), { load: never, ...(previous && { previous }) });
}

async function one(id: string, ...cells: string[]): Promise<ResolvedCell> {
  return (await graphOf(cells)).cells.get(id)!;
}

async function errors(...cells: string[]): Promise<Record<string, string>> {
  const graph = await graphOf(cells);
  return Object.fromEntries(
    Array.from(graph.cells.values()).flatMap(({ cell, error }) => {
      if (!error) return [];
      const at = error.at ? ` (${error.at.line}:${error.at.column})` : "";
      return [[cell.id, `${error.name}: ${error.message}${at}`]];
    }),
  );
}

const versions = async (...cells: string[]): Promise<Record<string, string>> =>
  Object.fromEntries(
    Array.from((await graphOf(cells)).cells, ([id, { version }]) => [id, version]),
  );

describe("inputs and outputs", () => {
  test("names of other cells and builtins of the side are inputs; globals and unknown names are not", async () => {
    const chart = await one(
      "chart",
      "n: const n = 1",
      "chart: const c = Plot.plot(n, Math, document, nowhere, signal)",
    );
    expect(chart.inputs).toEqual(["Plot", "n"]);
    expect(chart.builtins).toEqual(["Plot"]);
    expect([...chart.sources]).toEqual([["n", "n"]]);
    expect(chart.outputs).toEqual(["c"]);
  });

  test("a kernel cell has the kernel's builtins", async () => {
    const cell = await one("k", "k kernel: const m = f(signal, progress, console, process)");
    expect(cell.inputs).toEqual(["signal", "progress", "console"]);
  });

  test("a name that a cell declares comes before a builtin and a global", async () => {
    const cells = ["a: const width = 1, Math = 2", "b: width + Math"];
    expect(await one("b", ...cells)).toMatchObject({ inputs: ["width", "Math"], builtins: [] });
  });

  test("a kernel cell depends on browser cells through other kernel cells", async () => {
    const cells = [
      "a: const x = 1, y = 2, z = 3",
      "k1 kernel: const p = z + x",
      "k2 kernel: const q = p + later",
      "k3 kernel: const later = y",
      "b: q",
    ];
    expect((await one("k1", ...cells)).browserInputs).toEqual(["x", "z"]);
    expect((await one("k2", ...cells)).browserInputs).toEqual(["x", "y", "z"]);
    expect((await one("k2", ...cells)).inputs).toEqual(["p", "later"]);
    expect((await one("b", ...cells)).browserInputs).toEqual([]);
  });

  test("wanted are the kernel's names that browser cells read", async () => {
    const cells = ["k kernel: const a = 1, b = 2, c = a", "l kernel: b", "x: a", "y: () => a"];
    expect((await one("k", ...cells)).wanted).toEqual(["a"]);
  });

  test("the same import in several kernel cells is no duplicate", async () => {
    const cells = [
      'k kernel: import {f} from "m"; const a = f()',
      'l kernel: import {f} from "m"; const b = f()',
      "m kernel: f(a, b)",
    ];
    expect(await errors(...cells)).toEqual({});
    expect((await one("k", ...cells)).outputs).toEqual(["f", "a"]);
    expect((await one("l", ...cells)).outputs).toEqual(["b"]);
    expect((await one("m", ...cells)).sources.get("f")).toBe("k");
  });

  test("a kernel cell's import does not take a library's place in browser cells", async () => {
    const cells = ['k kernel: import * as d3 from "d3"; const a = d3.max([1])', "b: d3.range(a)"];
    expect(await one("b", ...cells)).toMatchObject({ inputs: ["d3", "a"], builtins: ["d3"] });
    expect((await one("k", ...cells)).outputs).toEqual(["a"]);
    expect((await one("k", ...cells)).wanted).toEqual(["a"]);
  });
});

describe("what is wrong is said at the cell", () => {
  test.for<[name: string, cells: string[], errors: Record<string, string>]>([
    ["nothing", ["a: const x = y", "b: x; nowhere = 1"], {}],
    [
      "a syntax error, its dependants and theirs",
      ["a: const x = 1;\nlet y = (2", "b: const z = y", "c kernel: const w = z", "d: 1"],
      {
        a: "SyntaxError: ')' expected (2:11)",
        b: "Blocked: Waits for y: #a has an error",
        c: "Blocked: Waits for z: #b has an error",
      },
    ],
    [
      "duplicates, at each",
      ["a: const x = 1", "b kernel: function x() {}", "c: let {x} = 1", "d: x"],
      {
        a: "SyntaxError: x is defined more than once: here and in #b and #c",
        b: "SyntaxError: x is defined more than once: here and in #a and #c",
        c: "SyntaxError: x is defined more than once: here and in #a and #b",
        d: "Blocked: Waits for x: #a has an error",
      },
    ],
    [
      "imports of different things under one name",
      ['a kernel: import {f} from "m"', 'b kernel: import {g as f} from "m"'],
      {
        a: "SyntaxError: f is defined more than once: here and in #b",
        b: "SyntaxError: f is defined more than once: here and in #a",
      },
    ],
    [
      "a cycle across page and kernel, the shortest at each, and who waits for it",
      ["a: const x = z + w", "b kernel: const y = x", "c: const z = y", "d: const w = z", "e: w"],
      {
        a: "CircularDefinition: #a waits for itself: it needs z of #c, which needs y of #b, which needs x of #a",
        b: "CircularDefinition: #b waits for itself: it needs x of #a, which needs z of #c, which needs y of #b",
        c: "CircularDefinition: #c waits for itself: it needs y of #b, which needs x of #a, which needs z of #c",
        d: "CircularDefinition: #d waits for itself: it needs z of #c, which needs y of #b, which needs x of #a, which needs w of #d",
        e: "Blocked: Waits for w: #d has an error",
      },
    ],
    [
      "a static import in a browser cell",
      ['a: 1;\n  import {x} from "m"'],
      {
        a: 'SyntaxError: A browser cell cannot import "m": it has Plot, Inputs, d3, htl, html, svg, heatmap, lines, trajectory, spectrum, embedding, checkpointPicker, outputPicker, similaritySettings, stepRange, display, view, invalidation, width and dark; import in a kernel cell and name the result here (2:3)',
      },
    ],
    [
      "import.meta in a browser cell",
      ["a: [\n import.meta.url]"],
      { a: "SyntaxError: import.meta has no value in a browser cell (2:2)" },
    ],
    [
      "writing what another cell defines, or a builtin",
      ["a: let x = 1", "b: () => {\n  x++ }", "c kernel: ({y: [x]} = 1)", "d: width = 3"],
      {
        b: "SyntaxError: Cannot assign to x: #a defines it, and a cell assigns only what it declares (2:3)",
        c: "SyntaxError: Cannot assign to x: #a defines it, and a cell assigns only what it declares (1:7)",
        d: "SyntaxError: Cannot assign to width: it is a builtin, and a cell assigns only what it declares (1:1)",
      },
    ],
    [
      "a builtin of the page in the kernel",
      ["a kernel: 1;\nPlot.plot()", "b kernel: view(1)", "c kernel: const d3 = 1"],
      {
        a: 'SyntaxError: Plot is a builtin of browser cells, and this cell runs in the kernel: import it here: import * as Plot from "@observablehq/plot" (2:1)',
        b: "SyntaxError: view is a builtin of browser cells, and this cell runs in the kernel: use it in a browser cell (1:1)",
      },
    ],
  ])("%s", async ([, cells, expected]) => {
    if (JSON.stringify(expected).includes("expected (")) {
      const found = (await resolve(parse(text(...cells)))).cells;
      const said = Array.from(found).flatMap(([id, { error }]) => (error ? [[id, error]] : []));
      expect(Object.fromEntries(said)).toMatchObject(
        Object.fromEntries(
          Object.entries(expected).map(([id, sentence]) => [
            id,
            { message: sentence.replace(/^\w+: | \(\d+:\d+\)$/g, "") },
          ]),
        ),
      );
      expect(found.get("a")!.error!.at).toEqual({ cell: "a", line: 2, column: 11 });
      expect(found.get("b")!.error!.blockedBy).toBe("y");
    } else expect(await errors(...cells)).toEqual(expected);
  });
});

test("a long chain of cells that all read the two before is resolved at once", async () => {
  const cells = Array.from({ length: 60 }, (_, n) => `c${n}: const v${n} = v${n - 1} + v${n - 2}`);
  const graph = await graphOf(cells);
  expect(graph.cells.get("c59")!.inputs).toEqual(["v58", "v57"]);
  expect(graph.cells.get("c59")!.error).toBeUndefined();
});

describe("while a cell is invalid", () => {
  test("what it declared before stays its own, and what it read stays wanted", async () => {
    const before = await resolve(
      parse(text("k kernel: const a = 1", "b: const {c} = f(a)", "d: c")),
    );
    const broken = parse(text("k kernel: const a = 1", "b: const {c} = f(", "d: c"));
    const after = await resolve(broken, { previous: before });
    expect(after.cells.get("k")!.wanted).toEqual(["a"]);
    expect(after.cells.get("b")!.outputs).toEqual(["c"]);
    expect(after.cells.get("d")!.error!.blockedBy).toBe("c");
    expect(after.cells.get("k")!.version).toBe(before.cells.get("k")!.version);
  });

  test("before it was valid once, its names are guessed", async () => {
    const source =
      'import {i, j as k} from "m"\nconst {l, m: n = 1, ...o} = 1\nasync function f() {\n  const inner = 1}\nclass C {} (';
    const cell = (await resolve(parse(text(`a kernel: ${source}`)))).cells.get("a")!;
    expect(cell.error).toBeDefined();
    expect(cell.outputs.toSorted()).toEqual(["C", "f", "i", "k", "l", "n", "o"]);
  });

  test("a guess gives way to a cell that declares the name", async () => {
    const found = (await resolve(parse(text("a: const x = (", "b: const x = 1", "c: x")))).cells;
    expect(found.get("a")!.outputs).toEqual([]);
    expect(found.get("b")!.error).toBeUndefined();
    expect(found.get("c")!.error).toBeUndefined();
  });
});

describe("the version of a cell", () => {
  const base = ["a: const n = 1", "k kernel: const m = f(n) + 0x10", "l kernel: m", "b: m"];
  test.for<[name: string, cells: string[], changed: string[]]>([
    [
      "comments and format",
      ["a: const n = 1 // one", "k kernel: const m\n=(f((n)) /*x*/ + 16);", ...base.slice(2)],
      [],
    ],
    ["types", ["a: const n: number = 1", ...base.slice(1)], []],
    ["the order of cells", base.toReversed(), []],
    ["a reader more or less", base.slice(0, 3), []],
    ["run mode", [base[0]!, base[1]!.replace("kernel", "kernel run=demand"), ...base.slice(2)], []],
    ["code", [base[0]!, "k kernel: const m = f(n) + 0x11", ...base.slice(2)], ["k"]],
    ["a string that looks like a comment", ["a: const n = '// 1'", ...base.slice(1)], ["a"]],
    ["an input that appears", [...base, "x: const f = 1"], ["k", "l"]],
    ["an input that goes", base.slice(1), ["k", "l"]],
    [
      "an input that moves to the kernel",
      ["a kernel: const n = 1", ...base.slice(1)],
      ["a", "k", "l"],
    ],
    ["a syntax error", ["a: const n = ", ...base.slice(1)], ["a"]],
  ])("%s", async ([, cells, changed]) => {
    const before = await versions(...base);
    const after = (await resolve(parse(text(...cells)))).cells;
    const differ = Object.keys(before).filter(
      (id) => after.has(id) && after.get(id)!.version !== before[id],
    );
    expect(differ).toEqual(changed);
  });

  test.for([
    ["1", "1n"],
    ["1e999", "null"],
    ["/a/", "/a/g"],
    ["a.b", "a[b]"],
    ["a?.b.c", "(a?.b).c"],
    ["a - (b - c)", "a - b - c"],
    ["`a`", "'a'"],
    ["'use strict'; 1", "('use strict'); 1"],
    ["({a})", "({b: a})"],
    ["x => x", "async x => x"],
    ["f()", "f();"],
  ])("tells %s from %s", async ([left, right]) => {
    const [a, b] = [await versions(`a: ${left}`), await versions(`a: ${right}`)];
    expect(a["a"]).not.toBe(b["a"]);
  });
});
