import type { ShownBundle } from "./bundle.ts";
import type { CellDefinition, CellError } from "./cells.ts";

/*
 * A published report is one HTML file that asks nothing of anybody:
 *
 *   <style> …
 *   <script type="application/json" id="simile-report"> ReportDocument, every < as \u003c
 *   <script> window.simileCells = {"map": async function (heatmap, matrix) { … }, …}
 *   <script> d3, when a cell names it
 *   <script> the page's code, which finds the others
 */

/** What a report holds besides code: the JSON of its element `simile-report`. */
export interface ReportDocument {
  readonly title: string;
  /** Name of the workbook's file. */
  readonly path: string;
  /** Ids in page order. */
  readonly order: readonly string[];
  /** Browser cells come without their body: it is a function among `simileCells`. */
  readonly cells: readonly CellDefinition[];
  /** Base64 of a frame of `ReportValues`. */
  readonly values: string;
}

/** The values a report was published with. */
export interface ReportValues {
  /** What each view was set to, by name; one that is absent has the value its cell gives it. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Kernel cells by id. */
  readonly results: Readonly<Record<string, FrozenResult>>;
}

/** What the kernel said of a cell when the report was published. */
export interface FrozenResult {
  readonly ms: number;
  readonly preview?: string;
  /** What the cell has shown. */
  readonly shown?: readonly ShownBundle[];
  /** Wanted outputs by name. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly error?: CellError;
}

/** The texts a report is put together from; the built page's own files, and d3 when a cell names it. */
export interface ReportParts {
  readonly document: ReportDocument;
  /** Bodies of the browser cells by id, as in their definitions. */
  readonly bodies: Readonly<Record<string, string>>;
  /** style.css, and KaTeX's with its fonts inside when there is mathematics. */
  readonly styles: readonly string[];
  /** report.js, after d3.js when a cell names d3. */
  readonly scripts: readonly string[];
}

/** Nothing may be loaded or sent: what is needed is inside. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** A report as HTML. */
export function reportHtml({ document, bodies, styles, scripts }: ReportParts): string {
  const cells = document.cells.map((cell) =>
    cell.kind === "browser" ? { ...cell, body: "" } : cell,
  );
  const json = JSON.stringify({ ...document, cells }).replaceAll("<", "\\u003c");
  const functions = document.cells.flatMap((cell) =>
    cell.kind === "browser" && cell.error === undefined
      ? [`${quoted(cell.id)}: async function (${cell.inputs.join(", ")}) {${bodies[cell.id]}\n}`]
      : [],
  );
  const code = [`window.simileCells = {${functions.join(",\n")}};`, ...scripts];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Simile">
<title>${escaped(document.title)}</title>
${styles.map((style) => `<style>${style.replace(/<(?=\/style)/gi, "\\3c ")}</style>`).join("\n")}
</head>
<body>
<div id="page"></div>
<script type="application/json" id="simile-report">${json}</script>
${code.map((script) => `<script>${inline(script)}</script>`).join("\n")}
</body>
</html>
`;
}

/** Text that ends a script element, or begins a comment in one, can stand only in a literal. */
function inline(script: string): string {
  return script.replace(/<(?=\/script|!--)/gi, "\\x3c");
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
