import { types } from "node:util";
import type { MatrixValues } from "../../src/charts/index.ts";
import type { MimeBundle } from "../../src/protocol/index.ts";
import { isElement } from "../rich/element.ts";
import { figureSvg } from "../rich/figure.ts";
import { heatmapSvg } from "../rich/heatmap.ts";
import { svgText } from "../rich/svg-text.ts";
import { tableHtml } from "../rich/table.ts";
import { shownAs } from "../rich/tags.ts";
import { preview } from "./preview.ts";

/**
 * A value by MIME type. A value that knows how it is shown, says so itself: by a method under
 * `Symbol.for("Jupyter.display")`, which may be async; elements are shown as the HTML or SVG they are;
 * everything has a text.
 *
 * @returns a promise only when the value's own method does
 */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  // A proxy may do anything when it is asked.
  if (types.isProxy(value)) return withText({}, value);
  const own = ownBundle(value);
  if (own instanceof Promise) return own.then((bundle) => withText(admitted(bundle), value));
  const bundle = own === undefined ? builtInBundle(value) : admitted(own);
  return withText(bundle, value);
}

/** What is shown as it is given: a bundle by MIME type. */
export function rawBundle(value: unknown): MimeBundle {
  return withText(admitted(value), value);
}

function withText(bundle: MimeBundle, value: unknown): MimeBundle {
  if (typeof bundle["text/plain"] === "string") return bundle;
  return { ...bundle, "text/plain": preview(value) ?? "undefined" };
}

function ownBundle(value: unknown): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return undefined;
  }
  const show: unknown = Reflect.get(value, shownAs);
  return typeof show === "function" ? show.call(value) : undefined;
}

/** What of a foreign bundle can travel: texts, bytes, and what JSON can hold. */
function admitted(bundle: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null) return {};
  const parts = Object.entries(bundle).flatMap(([type, part]): [string, unknown][] => {
    if (typeof part === "string") return [[type, part]];
    if (part instanceof Uint8Array) return [[type, Uint8Array.from(part)]];
    try {
      const text = JSON.stringify(part);
      return text === undefined ? [] : [[type, JSON.parse(text)]];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(parts);
}

function builtInBundle(value: unknown): MimeBundle {
  if (isElement(value)) return elementBundle(value);
  const matrix = similarities(value);
  if (matrix) return { "image/svg+xml": heatmapSvg(matrix) };
  const table = tableHtml(value);
  return table === undefined ? {} : { "text/html": table };
}

/** A value that holds how much each of several networks is like each other. */
function similarities(value: unknown): MatrixValues | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const own = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value;
  const [shape, data, metric] = [own("shape"), own("data"), own("metric")];
  if (!Array.isArray(shape) || shape.length !== 2 || typeof metric !== "string") return undefined;
  const [rows, columns] = shape as readonly number[];
  const isSquare = rows === columns && rows! > 1;
  const isFull = data instanceof Float64Array || data instanceof Float32Array;
  if (!isSquare || !isFull || data.length !== rows! * columns!) return undefined;
  return value as MatrixValues;
}

/** What a chart is: an element of some document. */
function elementBundle(element: Parameters<typeof svgText>[0]): MimeBundle {
  const text = `<${element.localName}>`;
  if (element.localName === "svg") {
    return { "image/svg+xml": svgText(element), "text/plain": text };
  }
  const svg = element.localName === "figure" ? figureSvg(element) : undefined;
  return {
    "text/html": element.outerHTML,
    ...(svg !== undefined && { "image/svg+xml": svg }),
    "text/plain": text,
  };
}
