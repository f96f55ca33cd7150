import { type ColourScale, valueText } from "../../charts/index.ts";
import { element } from "../element.ts";

const stops = 128;

/**
 * The key of a colour scale: a strip of its colours with the ends of its domain, its centre when it has
 * one, and a hatched field when some entries are undefined.
 */
export function legend(scale: ColourScale, label: string, hasUndefined: boolean): HTMLElement {
  const [low, high] = scale.domain;
  const strip = element("canvas", { class: "legend-strip", width: stops, height: 1 });
  const context = strip.getContext("2d");
  if (context) {
    const image = context.createImageData(stops, 1);
    for (let i = 0; i < stops; i++) {
      const value = low + ((high - low) * i) / (stops - 1);
      image.data.set([...scale.colour(value), 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }
  const end = (value: number) => element("span", {}, valueText(value));
  const { centre } = scale;
  const ends = element("span", { class: "legend-ends" }, end(low), end(high));
  if (centre !== undefined && centre > low && centre < high) {
    const at = `inset-inline-start:${(100 * (centre - low)) / (high - low)}%`;
    ends.append(element("span", { class: "legend-centre", style: at }, valueText(centre)));
  }
  return element(
    "div",
    { class: "legend" },
    element("span", { class: "legend-label" }, label),
    element("span", { class: "legend-scale" }, strip, ends),
    hasUndefined && element("span", { class: "legend-undefined" }, element("i", {}), "undefined"),
  );
}
