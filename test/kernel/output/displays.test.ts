import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { KernelNotice } from "../../../src/protocol/index.ts";
import { Kernel } from "../../support/kernel.ts";
import { kernelCells } from "../../support/kernel-cells.ts";
import { nodeVersions } from "../../support/nodes.ts";

let kernel: Kernel;
afterEach(() => kernel.kill());

type Display = Extract<KernelNotice, { type: "display" }>;

function displays(): Display[] {
  return kernel.notices.filter((notice) => notice.type === "display");
}

test("a cell shows values while it runs, and whoever asks for its result later has them too", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the cell's
      a: "const handle = display(html`<b>${`<`}</b>`); display('text'); handle.update(md`**2** $x$`); const y = 1",
    }),
  );
  const first = await kernel.result("a");
  expect(displays().map(({ bundle, update }) => [bundle["text/plain"], update])).toEqual([
    ["<b>&lt;</b>", undefined],
    ["'text'", undefined],
    ["**2** $x$", true],
  ]);
  const shown = first.shown!.map(({ bundle }) => bundle);
  expect(shown[0]).toMatchObject({ "text/markdown": "**2** $x$" });
  expect(shown[0]!["text/html"]).toContain("<strong>2</strong>");
  expect(shown[0]!["text/html"]).toContain('class="katex"');
  expect(shown[1]).toEqual({ "text/plain": "'text'" });
  expect((await kernel.result("a")).shown).toEqual(first.shown);
  expect(displays()).toHaveLength(3);
});

test("the last expression is among what is shown when it is more than text, once", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({ plain: "1 + 1", rich: "html('<i>1</i>')", handle: "display(tex`x^2`)" }),
  );
  expect(await kernel.result("plain")).not.toHaveProperty("shown");
  const rich = await kernel.result("rich");
  expect(rich.shown).toMatchObject([{ bundle: { "text/html": "<i>1</i>" } }]);
  const handle = await kernel.result("handle");
  expect(handle.shown).toMatchObject([{ bundle: { "text/latex": "$$x^2$$" } }]);
  expect(handle).not.toHaveProperty("preview");
});

test("what is cleared is not shown to those who come later; with wait when something new comes", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({
      now: "display(1); clear(); display(2)",
      later: "display(1); clear({ wait: true }); display(2); display(3)",
      last: "display(1); clear({ wait: true })",
    }),
  );
  const texts = async (cell: string) =>
    (await kernel.result(cell)).shown?.map(({ bundle }) => bundle["text/plain"]);
  expect(await texts("now")).toEqual(["2"]);
  expect(await texts("later")).toEqual(["2", "3"]);
  expect(await texts("last")).toEqual(["1"]);
});

test("a display is updated by its id, from an async method and with a bundle as it is", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({
      a: `
        display("first", { id: "mine" });
        display("second", { id: "mine", update: true });
        display({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<p>slow</p>" }) });
        display({ "text/html": "<p>raw</p>", "application/json": { a: 1, f() {} } }, { raw: true });
        await new Promise((done) => setTimeout(done));`,
    }),
  );
  const { shown } = await kernel.result("a");
  expect(shown!.map(({ bundle }) => bundle)).toMatchObject([
    { "text/plain": "'second'" },
    { "text/html": "<p>slow</p>" },
    { "text/html": "<p>raw</p>", "application/json": { a: 1 } },
  ]);
  expect(shown![0]!.display).toBe("mine");
});

test("what a run shows before it fails is shown", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ a: "display('before'); null.x" }));
  const { error, shown } = await kernel.result("a");
  expect(error?.name).toBe("TypeError");
  expect(shown).toMatchObject([{ bundle: { "text/plain": "'before'" } }]);
});

test("of many displays the last are kept", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ a: "for (let i = 0; i < 1000; i++) display(i)" }));
  const { shown } = await kernel.result("a");
  expect(shown).toHaveLength(200);
  expect(shown!.at(-1)!.bundle).toEqual({ "text/plain": "999" });
});

test("Plot draws in the kernel, and no library takes it for a browser", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      {
        imported: 'import * as Plot from "@observablehq/plot"',
        plot: "Plot.dot([[1, 2], [3, 4]]).plot({ width: 300 })",
        legend:
          'Plot.plot({ title: "T<", color: { legend: true }, marks: [Plot.cell([["a", 1], ["b", 2]], { x: "0", fill: "1" })] })',
        raster:
          "Plot.plot({ marks: [Plot.raster({ length: 4 }, { width: 2, height: 2, fill: (_, i) => i })] })",
        d3: 'import { create } from "d3"; create("svg").attr("width", 5).node()',
        sniff: "[typeof document, typeof window, typeof HTMLElement]",
      },
      { wanted: [] },
    ),
  );
  const bundle = async (cell: string) => {
    const result = await kernel.result(cell);
    expect(result.error).toBeUndefined();
    return result.shown!.at(-1)!.bundle as Record<string, string>;
  };
  const svg = (await bundle("plot"))["image/svg+xml"]!;
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*width="300"/);
  expect(svg.match(/<circle /g)).toHaveLength(2);
  const figure = await bundle("legend");
  expect(figure["text/html"]).toMatch(/^<figure/);
  expect(figure["image/svg+xml"]).toMatch(
    /^<svg [^>]*>.*T&lt;.*xlink:href="data:image\/png.*<\/svg>$/s,
  );
  const raster = (await bundle("raster"))["image/svg+xml"]!;
  expect(raster).toContain('href="data:image/png;base64,');
  expect((await bundle("d3"))["image/svg+xml"]).toContain('width="5"');
  expect((await kernel.result("sniff")).preview).toBe("[ 'undefined', 'undefined', 'undefined' ]");
});

test.each(nodeVersions())(
  "Plot and d3 draw however they are imported: by a call, and in modules beside the workbook (Node $name)",
  async (node) => {
    const folder = mkdtempSync(join(tmpdir(), "drawing-"));
    try {
      const chart = "Plot.dot([[1, 2]]).plot({ width: 7 })";
      writeFileSync(
        join(folder, "chart.ts"),
        `import * as Plot from "@observablehq/plot";
       import { type BaseType, create, max } from "d3";
       export { Plot };
       export const drawn: unknown = ${chart};
       export const mark = (): unknown => Plot.dot([[1, max([0, 2])]]).plot({ width: 8 });
       export const made = () => create("svg").attr("width", 9).node();
       export const sniffed = typeof document;`,
      );
      writeFileSync(join(folder, "again.mjs"), 'export { drawn, Plot } from "./chart.js";');
      kernel = new Kernel(folder, [], { node });
      kernel.cells(
        await kernelCells(
          {
            called: `const { plot, dot } = await import("@observablehq/plot"); plot({ width: 6, marks: [dot([[1, 2]])] })`,
            drawn: 'import { drawn } from "./again.mjs"; drawn',
            mark: '(await import("./chart.ts")).mark()',
            made: 'import { made } from "./chart.ts"; made()',
            required: `const P = require("@observablehq/plot"), again = require("@observablehq/plot"); if (P !== again) throw new Error("two of them"); P.dot([[1, 2]]).plot({ width: 5 })`,
            may: "process.features.require_module === true",
            requiredD3: 'require("d3").create("svg").attr("width", 4).node()',
            one: `import * as Plot from "@observablehq/plot";
            import { Plot as theirs, sniffed } from "./chart.ts";
            const d3 = await import("d3");
            [Plot === theirs, Plot === (await import("@observablehq/plot")), typeof d3.scaleLinear, sniffed, typeof document]`,
          },
          { wanted: [] },
        ),
        folder,
      );
      const svg = async (cell: string) => {
        const result = await kernel.result(cell);
        expect(result.error).toBeUndefined();
        return (result.shown!.at(-1)!.bundle as Record<string, string>)["image/svg+xml"];
      };
      expect(await svg("called")).toMatch(/^<svg [^>]*width="6".*<circle /s);
      expect(await svg("drawn")).toMatch(/^<svg [^>]*width="7".*<circle /s);
      expect(await svg("mark")).toMatch(/^<svg [^>]*width="8".*<circle /s);
      expect(await svg("made")).toContain('width="9"');
      // Versions before 20.19 require nothing but CommonJS.
      if ((await kernel.result("may")).preview === "true") {
        expect(await svg("required")).toMatch(/^<svg [^>]*width="5".*<circle /s);
        expect(await svg("requiredD3")).toContain('width="4"');
      }
      expect((await kernel.result("one")).preview).toBe(
        "[ true, true, 'function', 'undefined', 'undefined' ]",
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
