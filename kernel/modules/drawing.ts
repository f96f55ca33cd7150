/** Packages that draw, and those of their functions that ask for a document. */
const drawing: ReadonlyMap<string, readonly string[]> = new Map([
  ["@observablehq/plot", ["plot", "legend"]],
  ["d3", ["create"]],
  ["d3-selection", ["create"]],
]);

/** Whether a package draws, and asks for a document to do it in. */
export function draws(specifier: string): boolean {
  return drawing.has(specifier);
}

const mark = "simile-drawing";
const marked = new RegExp(`^(.*)[?&]${mark}=([^&#]*)$`);

/** Where a package is found by those to whom it draws without a global document: itself when it needs none. */
export function drawingUrl(specifier: string, url: string): string {
  if (!drawing.has(specifier) || !url.startsWith("file:")) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${mark}=${encodeURIComponent(specifier)}`;
}

/**
 * What is found there: all that the package exports, those functions with a document to draw in.
 *
 * @param adapter URL of the module that gives them one, by the package's name
 * @returns undefined when the URL is a module's own
 */
export function drawingSource(url: string, adapter: string): string | undefined {
  const [, original, encoded] = marked.exec(url) ?? [];
  if (original === undefined || encoded === undefined) return undefined;
  const specifier = decodeURIComponent(encoded);
  const names = drawing.get(specifier) ?? [];
  const from = JSON.stringify(original);
  // What a module exports itself goes before what it passes on.
  return `import * as original from ${from};
import { drawIn } from ${JSON.stringify(adapter)};
export * from ${from};
export const { ${names.join(", ")} } = drawIn(${JSON.stringify(specifier)}, original);
`;
}
