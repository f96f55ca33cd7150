import type { MimeBundle } from "../src/protocol/index.ts";
import { preview } from "./preview.ts";

/** The key under which a value says how it is shown: a function that returns a MIME bundle. */
const shownAs = Symbol.for("Jupyter.display");

/**
 * A value by MIME type. A value that knows how it is shown, says so itself: by a method under
 * `Symbol.for("Jupyter.display")`; elements are shown as the HTML or SVG they are; everything has a text.
 */
export function bundleOf(value: unknown): MimeBundle {
  const own = ownBundle(value) ?? elementBundle(value);
  if (own && typeof own["text/plain"] === "string") return own;
  return { ...own, "text/plain": preview(value) ?? "undefined" };
}

function ownBundle(value: unknown): MimeBundle | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const show: unknown = Reflect.get(value, shownAs);
  if (typeof show !== "function") return undefined;
  const bundle: unknown = show.call(value);
  return typeof bundle === "object" && bundle !== null ? { ...bundle } : undefined;
}

/** An element of any document: what a chart is. */
function elementBundle(value: unknown): MimeBundle | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { nodeType, outerHTML, localName } = value as Readonly<Record<string, unknown>>;
  if (nodeType !== 1 || typeof outerHTML !== "string") return undefined;
  const type = localName === "svg" ? "image/svg+xml" : "text/html";
  return { [type]: outerHTML, "text/plain": `<${String(localName)}>` };
}
