import { svgElement } from "../element.ts";
import { snapped } from "./snapped.ts";

/** Draws a text where the screen has it, each of its lines for itself. */
export function drawText(
  text: Text,
  style: CSSStyleDeclaration,
  into: SVGGElement,
  origin: DOMRect,
): void {
  if (!text.data.trim()) return;
  const ascent = ascentOf(style);
  for (const { content, box } of linesOf(text)) {
    into.append(
      svgElement(
        "text",
        {
          x: box.left - origin.left,
          y: snapped(box.top + ascent(box.height), origin.top),
          fill: style.color,
          "font-family": style.fontFamily,
          "font-size": style.fontSize,
          "font-weight": style.fontWeight,
          "font-style": style.fontStyle,
          style: `white-space:pre;font-variant-numeric:${style.fontVariantNumeric}`,
        },
        content,
      ),
    );
  }
}

/** The lines that a text is broken into, as they are on the screen. */
function linesOf(text: Text): { readonly content: string; readonly box: DOMRect }[] {
  const range = document.createRange();
  range.selectNodeContents(text);
  const boxes = range.getClientRects();
  if (boxes.length === 0) return [];
  if (boxes.length === 1) return [{ content: text.data.trim(), box: boxes[0]! }];
  const lines: { content: string; box: DOMRect }[] = [];
  for (let i = 0; i < text.data.length; i++) {
    range.setStart(text, i);
    range.setEnd(text, i + 1);
    const box = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (box.width === 0) continue;
    if (last && Math.abs(last.box.top - box.top) < 1) last.content += text.data[i];
    else lines.push({ content: text.data[i]!, box });
  }
  return lines;
}

/** From the top of a line's box to its baseline, by the font's own measures. */
function ascentOf(style: CSSStyleDeclaration): (height: number) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (height) => 0.8 * height;
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } =
    context.measureText("x");
  return (height) => (height - ascent - descent) / 2 + ascent;
}
