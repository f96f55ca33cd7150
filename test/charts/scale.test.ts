import { expect, test } from "vitest";
import { type Colour, divergingMap, sequentialMap } from "../../src/charts/colour.ts";
import { colourScale } from "../../src/charts/scale.ts";

/** Lightness of a colour in OKLab, from 0 to 1. */
function lightness([red, green, blue]: Colour): number {
  const [r, g, b] = [red, green, blue].map((part) => {
    const x = part / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
}

test.for([false, true])("a sequential map has even steps of lightness (dark: %s)", (isDark) => {
  const map = sequentialMap(isDark).map(lightness);
  const steps = map.slice(1).map((here, i) => (here - map[i]!) * (isDark ? 1 : -1));
  expect(Math.min(...steps)).toBeGreaterThan(-0.002);
  expect(Math.abs(map[0]! - map[255]!)).toBeGreaterThan(0.65);
  for (const [i, here] of map.entries()) {
    const even = map[0]! + ((map[255]! - map[0]!) * i) / 255;
    expect(Math.abs(here - even)).toBeLessThan(0.01);
  }
});

test.for([false, true])(
  "a diverging map is as light at equal distance from its middle (dark: %s)",
  (isDark) => {
    const map = divergingMap(isDark).map(lightness);
    for (let i = 0; i < 128; i++) expect(Math.abs(map[i]! - map[255 - i]!)).toBeLessThan(0.01);
  },
);

test.for([
  { values: [0.2, 0.9], domain: [0, 1], centre: undefined },
  { values: [-0.4, 0.9], domain: [-1, 1], centre: 0 },
  { values: [-0.001, 0.9], domain: [0, 1], centre: undefined },
  { values: [3, 12], domain: [3, 12], centre: undefined },
  { values: [-3, 12], domain: [-3, 12], centre: 0 },
  { values: [Number.NaN, Number.POSITIVE_INFINITY, 3, 5], domain: [3, 5], centre: undefined },
  { values: [], domain: [0, 1], centre: undefined },
])("values $values have the domain $domain about $centre", ({ values, domain, centre }) => {
  const scale = colourScale(values, {}, false);
  expect([scale.domain, scale.centre]).toEqual([domain, centre]);
});

test("equal distances from a stated centre have equal strength, though the domain is lopsided", () => {
  const scale = colourScale([0, 4], { centre: 1 }, false);
  expect(lightness(scale.colour(0))).toBeCloseTo(lightness(scale.colour(2)), 1);
  expect(scale.colour(1).every((part) => part > 240)).toBe(true);
});

test("null forces a sequential scale; beyond a domain its ends go on", () => {
  const scale = colourScale([-1, 1], { centre: null, domain: [-1, 0] }, false);
  expect(scale.centre).toBeUndefined();
  expect(scale.colour(5)).toEqual(scale.colour(0));
});
