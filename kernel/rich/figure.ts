import { type DrawnElement, elementsIn } from "./element.ts";
import { escaped, inkAndPaper, linkSpace, svgSpace, svgText } from "./svg-text.ts";

/** Pixels a letter is taken to be wide, as part of its height: a document without a screen measures none. */
const letter = 0.58;
const margin = 8;

interface Part {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/**
 * A figure around a chart (title, legends, chart, caption) as one SVG, its parts below each other.
 * Undefined when there is no chart in it.
 */
export function figureSvg(figure: DrawnElement): string | undefined {
  const parts = elementsIn(figure).flatMap(partOf);
  if (!elementsIn(figure).some(({ localName }) => localName === "svg")) return undefined;
  const width = Math.max(...parts.map((part) => part.width));
  let top = 0;
  const placed = parts.map(({ text, height }) => {
    const at = `<g transform="translate(0,${top})">${text}</g>`;
    top += height;
    return at;
  });
  return `<svg xmlns="${svgSpace}" xmlns:xlink="${linkSpace}" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" fill="currentColor" font-family="system-ui, sans-serif" font-size="10" style="${inkAndPaper}">${placed.join("")}</svg>`;
}

function partOf(element: DrawnElement): Part[] {
  const text = (element.textContent ?? "").trim();
  switch (element.localName) {
    case "svg":
      return [
        {
          text: svgText(element),
          width: sizeOf(element, "width", 640),
          height: sizeOf(element, "height", 400),
        },
      ];
    case "h2":
      return [line(text, 18, "bold")];
    case "h3":
      return [line(text, 13, "normal")];
    case "figcaption":
      return [line(text, 12, "normal")];
    case "div":
      return swatches(element);
    default:
      return [];
  }
}

function line(text: string, size: number, weight: "bold" | "normal"): Part {
  const height = Math.round(1.5 * size);
  const drawn = `<text y="${Math.round(1.1 * size)}" font-size="${size}" font-weight="${weight}">${escaped(text)}</text>`;
  return { text: drawn, width: Math.ceil(letter * size * text.length), height };
}

/** A legend of swatches, as many to a line as the usual width holds. */
function swatches(legend: DrawnElement): Part[] {
  const entries = elementsIn(legend).filter(({ localName }) => localName !== "style");
  let [x, y, width] = [0, 0, 0];
  const drawn = entries.map((entry) => {
    const icon = elementsIn(entry).find(({ localName }) => localName === "svg");
    const label = (entry.textContent ?? "").trim();
    const side = icon ? sizeOf(icon, "width", 15) : 0;
    const room = side + 5 + Math.ceil(letter * 10 * label.length) + 10;
    if (x > 0 && x + room > 640) [x, y] = [0, y + 20];
    const at = `translate(${x},${y + margin})`;
    x += room;
    width = Math.max(width, x);
    return `<g transform="${at}">${icon ? svgText(icon) : ""}<text x="${side + 5}" y="11">${escaped(label)}</text></g>`;
  });
  return drawn.length === 0 ? [] : [{ text: drawn.join(""), width, height: y + 20 + margin }];
}

function sizeOf(element: DrawnElement, name: "width" | "height", usual: number): number {
  const size = Number.parseFloat(element.getAttribute(name) ?? "");
  return Number.isFinite(size) ? size : usual;
}
