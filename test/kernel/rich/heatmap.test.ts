import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { bundleOf } from "../../../kernel/output/bundle.ts";
import { heatmap, heatmapSvg } from "../../../kernel/rich/heatmap.ts";
import { sequentialMap } from "../../../src/charts/index.ts";

/** Rows of RGBA of the last raster in an SVG, or another from the end, read with nothing of ours. */
function rasterOf(svg: string, at = -1): { width: number; height: number; rows: number[][] } {
  const [, base64] = [...svg.matchAll(/xlink:href="data:image\/png;base64,([^"]+)"/g)].at(at)!;
  const png = Buffer.from(base64!, "base64");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const length = png.readUInt32BE(33);
  const lines = inflateSync(png.subarray(41, 41 + length));
  const line = 4 * width + 1;
  return {
    width,
    height,
    rows: Array.from({ length: height }, (_, y) => [
      ...lines.subarray(y * line + 1, (y + 1) * line),
    ]),
  };
}

const matrix = {
  shape: [2, 2] as const,
  data: new Float64Array([1, 0, Number.NaN, 0.5]),
  metric: "symmetric",
  steps: [0, 1000],
};

test("each entry is a pixel of its colour, and what is no number is left out", () => {
  const { width, height, rows } = rasterOf(heatmapSvg(matrix));
  expect([width, height]).toEqual([2, 2]);
  const colours = sequentialMap(false);
  expect(rows[0]).toEqual([...colours[255]!, 255, ...colours[0]!, 255]);
  expect(rows[1]!.slice(0, 4)).toEqual([0, 0, 0, 0]);
  expect(rows[1]!.slice(4)).toEqual([...colours[128]!, 255]);
});

test("a dark page finds the colours of dark paper below those of light paper", () => {
  const svg = heatmapSvg(matrix);
  const dark = sequentialMap(true);
  expect(rasterOf(svg, -2).rows[0]).toEqual([...dark[255]!, 255, ...dark[0]!, 255]);
  const shown = [...svg.matchAll(/<image [^>]*display: ([^"]+)"/g)].map(([, display]) => display);
  const each = ["var(--figure-dark, none)", "var(--figure-light, inline)"];
  expect(shown).toEqual([...each, ...each]);
});

test("the legend's words stand clear of its colours, however long they are", () => {
  for (const label of ["v", "a label of forty letters, all of them told"]) {
    const svg = heatmapSvg(matrix, { label });
    const at = Number(/<g transform="translate\(([\d.]+) 0\)"><image/.exec(svg)?.[1]);
    // Eleven letters of text and what marks it are the least of it: six pixels each.
    expect(at).toBeGreaterThan(6 * Math.max(label.length, "11 undefined".length));
  }
});

test("a similarity matrix is a picture with its steps, its metric and what is undefined", () => {
  const bundle = bundleOf(matrix) as Record<string, string>;
  expect(Object.keys(bundle)).toEqual(["image/svg+xml", "text/plain"]);
  expect(bundle["image/svg+xml"]).toMatch(/>1k<.*>training step</s);
  expect(bundle["image/svg+xml"]).toContain(">1 undefined<");
  expect(bundle["text/plain"]).toContain("Float64 [2, 2], 0 … 1, 1 NaN, symmetric");
});

test("a large matrix is one raster of bounded size, whatever the number of entries", () => {
  const n = 1_500;
  const svg = heatmapSvg({ shape: [n, n], data: new Float64Array(n * n).fill(0.5) });
  const { width, height } = rasterOf(svg);
  expect([width, height]).toEqual([1_000, 1_000]);
  expect(svg.match(/</g)!.length).toBeLessThan(200);
});

test("options name and scale it; text is escaped", () => {
  const svg = heatmapSvg(matrix, { title: "<A>", label: "a & b", domain: [0, 2], x: [5, 6] });
  expect(svg).toContain("&lt;A&gt;");
  expect(svg).toContain("a &amp; b");
  expect(svg).toMatch(/>2<\/text>/);
  expect(svg).toContain(">5</text>");
});

test("what is no matrix is refused", () => {
  expect(() => heatmap({ shape: [2], data: [1, 2] })).toThrow(
    "Cannot draw a heatmap: expected a matrix {shape: [rows, columns], data}, found shape [2]",
  );
});

test.for([
  ["no metric", { shape: [2, 2], data: new Float64Array(4) }],
  ["not square", { shape: [1, 4], data: new Float64Array(4), metric: "m" }],
  ["too few numbers", { shape: [2, 2], data: new Float64Array(3), metric: "m" }],
] as const)("a tensor is text: %s", ([, value]) => {
  expect(Object.keys(bundleOf(value))).toEqual(["text/plain"]);
});
