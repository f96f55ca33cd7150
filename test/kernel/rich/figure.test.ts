// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { DrawnElement } from "../../../kernel/rich/element.ts";
import { figureSvg } from "../../../kernel/rich/figure.ts";
import { svgText } from "../../../kernel/rich/svg-text.ts";

function element(text: string): DrawnElement {
  const holder = document.createElement("div");
  holder.innerHTML = text;
  return holder.firstElementChild as unknown as DrawnElement;
}

/** Places of the parts of a figure's picture, its size, and its text. */
function drawn(text: string) {
  const svg = figureSvg(element(text))!;
  const places = [...svg.matchAll(/<g transform="translate\(([\d.]+),([\d.]+)\)">/g)];
  return {
    svg,
    size: /width="(\d+)" height="(\d+)" viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.slice(1).map(Number),
    places: places.map(([, x, y]) => [Number(x), Number(y)]),
  };
}

const chart = '<svg width="300" height="200"><path d="M0,0"></path></svg>';

test("title, subtitle, chart and caption stand below each other, in one picture as wide as the widest", () => {
  const { svg, size, places } = drawn(
    `<figure><h2>A &lt; B</h2><h3>less</h3>${chart}<figcaption>how</figcaption></figure>`,
  );
  // One and a half times 18, 13 and 12 pixels of a letter, and the chart's 200.
  expect(places).toEqual([
    [0, 0],
    [0, 27],
    [0, 47],
    [0, 247],
  ]);
  expect(size).toEqual([300, 265, 300, 265]);
  expect(svg).toContain('font-size="18" font-weight="bold">A &lt; B</text>');
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" xmlns:xlink="[^"]+"/);
});

test("a long title widens the picture; a chart that says no size has the usual one", () => {
  const { size } = drawn(`<figure><h2>${"x".repeat(100)}</h2>${chart}</figure>`);
  expect(size[0]).toBe(Math.ceil(0.58 * 18 * 100));
  expect(drawn("<figure><svg></svg></figure>").size).toEqual([640, 400, 640, 400]);
});

test("the swatches of a legend stand beside each other, and go to another line where they end", () => {
  const swatch = (label: string) => `<span><svg width="15" height="15"></svg>${label}</span>`;
  // 15 for the swatch, 5 between, 5.8 a letter, 10 behind.
  const of = (...labels: string[]) =>
    drawn(`<figure><div><style>a{}</style>${labels.map(swatch).join("")}</div>${chart}</figure>`);
  expect(of("ten letter", "b").places).toEqual([
    [0, 0],
    [0, 8],
    [88, 8],
    [0, 28],
  ]);
  const long = "x".repeat(100);
  const two = of(long, "b");
  expect(two.places).toEqual([
    [0, 0],
    [0, 8],
    [0, 28],
    [0, 48],
  ]);
  expect(two.size).toEqual([610, 248, 610, 248]);
  expect(two.svg).toContain('<text x="20" y="11">b</text>');
});

test("a figure without a chart is none", () => {
  expect(figureSvg(element("<figure><h2>A</h2><p>B</p></figure>"))).toBeUndefined();
});

test("an SVG of its own names the spaces it uses, once, and is well-formed", () => {
  const made = (text: string) => svgText(element(text));
  const plain = made("<svg><text>a &amp; &quot;b&quot;</text><g></g></svg>");
  expect(plain.match(/xmlns="/g)).toHaveLength(1);
  expect(plain).not.toContain("xmlns:xlink");
  expect(plain).toContain("<text>a &amp; &quot;b&quot;</text><g/>");
  expect(made('<svg xmlns="http://www.w3.org/2000/svg"></svg>').match(/xmlns="/g)).toHaveLength(1);
  expect(made('<svg><image xlink:href="a"></image></svg>').match(/xmlns:xlink="/g)).toHaveLength(1);
});

test("its own style comes after ink and paper, so that it holds", () => {
  const text = svgText(element('<svg style="color: red"></svg>'));
  expect(text).toMatch(/style="color: var\([^"]*; color: red"/);
});
