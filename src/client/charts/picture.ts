import { svgElement } from "../element.ts";
import { drawText } from "./picture-text.ts";
import { snapped } from "./snapped.ts";

/** Attributes of what belongs to the page and not to the picture: menus, readings, tables. */
export const notInPicture = { "data-picture": "none" } as const;

/** What a style sheet may say of a shape, and what says the same where there is none. */
const shapeStyles = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linejoin",
  "stroke-linecap",
  "opacity",
  "shape-rendering",
  "text-anchor",
  "font-family",
  "font-size",
  "font-weight",
  "font-variant-numeric",
  "paint-order",
] as const;

/**
 * What a chart shows on the screen now, as one SVG that needs no style sheet: shapes with their computed
 * colours, texts at their places, rasters as images, one pixel an entry. Menus, readings and tables are left out.
 *
 * @param chart on the page, laid out
 */
export function pictureOf(chart: HTMLElement): SVGSVGElement {
  const box = chart.getBoundingClientRect();
  const parts = svgElement("g");
  const bottom = draw(chart, parts, box);
  const [width, height] = [Math.ceil(box.width), Math.ceil(bottom - box.top)];
  return svgElement(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    svgElement("rect", { width, height, fill: paperOf(chart) }),
    parts,
  );
}

/** The SVG as the text of a file. */
export function svgText(picture: SVGSVGElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`;
}

/** The picture as a PNG with `scale` pixels for each of the screen's CSS pixels. */
export async function pngOf(picture: SVGSVGElement, scale = 2): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(picture))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = scale * Number(picture.getAttribute("width"));
  canvas.height = scale * Number(picture.getAttribute("height"));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) {
    throw new Error(
      `Cannot make a PNG of ${canvas.width} by ${canvas.height} pixels: the browser has no room for it`,
    );
  }
  return blob;
}

/** Draws an element and all in it; returns how far down it reaches on the screen. */
function draw(shown: Element, into: SVGGElement, origin: DOMRect): number {
  const style = getComputedStyle(shown);
  if (shown.getAttribute("data-picture") === "none" || style.display === "none") return origin.top;
  if (style.visibility === "hidden") return origin.top;
  const box = shown.getBoundingClientRect();
  const place = { x: snapped(box.left, origin.left), y: snapped(box.top, origin.top) };
  const size = { width: box.width, height: box.height };
  if (shown instanceof SVGSVGElement) {
    into.append(shapesOf(shown, { ...place, ...size }));
    return box.bottom;
  }
  const paint = paintOf(style);
  if (paint) into.append(...paint({ ...place, ...size }));
  if (shown instanceof HTMLCanvasElement) {
    into.append(imageOf(shown, style, { ...place, ...size }));
    return box.bottom;
  }
  let bottom = shown.childElementCount === 0 ? box.bottom : origin.top;
  for (const child of shown.childNodes) {
    if (child instanceof Element) bottom = Math.max(bottom, draw(child, into, origin));
    else if (child instanceof Text) drawText(child, style, into, origin);
  }
  // A plane whose parts are placed absolutely reaches as far as it says itself.
  return style.position === "relative" && shown.childElementCount > 0
    ? Math.max(bottom, box.bottom === origin.bottom ? bottom : box.bottom)
    : bottom;
}

type Place = Readonly<Record<"x" | "y" | "width" | "height", number>>;

function imageOf(canvas: HTMLCanvasElement, style: CSSStyleDeclaration, place: Place): SVGElement {
  const isPixelated = style.imageRendering === "pixelated";
  return svgElement("image", {
    ...place,
    href: canvas.toDataURL("image/png"),
    preserveAspectRatio: "none",
    style: isPixelated ? "image-rendering:pixelated" : undefined,
  });
}

/** An own copy of a drawing, each shape with the style it has on the screen. */
function shapesOf(drawing: SVGSVGElement, place: Place): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [drawing, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  for (const [i, shape] of from!.entries()) {
    const made = to![i]!;
    if (shape instanceof SVGElement) dress(made as SVGElement, getComputedStyle(shape));
  }
  for (const part of copy.querySelectorAll("style, [data-picture=none]")) part.remove();
  copy.removeAttribute("style");
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  copy.setAttribute("overflow", "visible");
  return copy;
}

function dress(shape: SVGElement, style: CSSStyleDeclaration): void {
  for (const name of shapeStyles) shape.setAttribute(name, style.getPropertyValue(name));
  for (const name of ["class", "style", "aria-label", "aria-hidden"]) shape.removeAttribute(name);
  if (style.display === "none" || style.visibility === "hidden") shape.setAttribute("opacity", "0");
}

/** What an element has behind its content: a plain colour or the hatching of what is undefined. */
function paintOf(style: CSSStyleDeclaration): ((place: Place) => SVGElement[]) | undefined {
  if (style.backgroundImage.startsWith("repeating-linear-gradient")) return hatching(style);
  const colour = style.backgroundColor;
  if (colour === "transparent" || /, 0\)$/.test(colour)) return undefined;
  return (place) => [svgElement("rect", { ...place, fill: colour })];
}

let hatchings = 0;

function hatching(style: CSSStyleDeclaration): (place: Place) => SVGElement[] {
  const [line = "currentColor", ground = "none"] =
    style.backgroundImage.match(/(?:rgba?|oklch|oklab|color)\([^)]*\)/g) ?? [];
  return (place) => {
    const id = `hatching-${++hatchings}`;
    const pattern = svgElement(
      "pattern",
      { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svgElement("rect", { width: 5, height: 5, fill: ground }),
      svgElement("rect", { width: 1, height: 5, fill: line }),
    );
    return [pattern, svgElement("rect", { ...place, fill: `url(#${id})` })];
  };
}

/** The colour that is behind an element. */
function paperOf(shown: Element): string {
  for (let at: Element | null = shown; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor !== "transparent" && !/, 0\)$/.test(backgroundColor))
      return backgroundColor;
  }
  return "white";
}
