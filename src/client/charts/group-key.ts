import { element, svgElement } from "../element.ts";
import { strokeOf } from "./series.ts";

/** The key of the groups of a chart: the colour of each with its name; nothing when there are none. */
export function groupKey(groups: readonly string[]): HTMLElement | undefined {
  if (groups.length === 0) return undefined;
  const items = groups.map((group, i) =>
    element(
      "span",
      { class: "lines-name" },
      svgElement(
        "svg",
        { width: 10, height: 10, "aria-hidden": "true" },
        svgElement("circle", { cx: 5, cy: 5, r: 4, fill: strokeOf(i) }),
      ),
      group,
    ),
  );
  return element("div", { class: "lines-key" }, ...items);
}
