import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { encode, type ReportValues, reportHtml } from "../../src/protocol/index.ts";
import type { Document } from "../documents/document.ts";
import { installation } from "../installation.ts";

/** A report, and of what it is made: bytes of its parts. */
export interface Report {
  readonly html: string;
  readonly bytes: {
    /** Code and styles of the page. */
    readonly page: number;
    /** Styles and fonts of mathematics; 0 when there is none. */
    readonly mathematics: number;
    /** The kernel's values, as base64. */
    readonly data: number;
  };
}

/**
 * A workbook with the values it had, as one HTML file that asks nothing of anybody.
 *
 * @param path name of the workbook's file, for the foot of the page
 */
export async function reportOf(
  document: Document,
  values: ReportValues,
  path: string,
): Promise<Report> {
  const client = join(installation, "dist", "client");
  // In a report nobody runs anything: what runs on demand has the value of the time, and inputs are alive.
  const cells = Array.from(document.cells.values(), (cell) => ({ ...cell, run: "live" as const }));
  const browser = cells.filter((cell) => cell.kind === "browser");
  const shown = Object.values(values.results).flatMap(({ shown = [] }) => shown);
  const texts = [
    ...cells.map((cell) => (cell.kind === "prose" ? cell.html : "")),
    ...shown.map(({ bundle }) => String(bundle["text/html"] ?? "")),
  ];
  const hasMathematics = texts.some((text) => text.includes('class="katex'));
  const styles = [await readFile(join(client, "style.css"), "utf8")];
  const mathematics = hasMathematics ? await katexStyle(join(client, "katex")) : "";
  if (hasMathematics) styles.push(mathematics);
  const scripts = [await readFile(join(client, "report.js"), "utf8")];
  if (browser.some(({ inputs }) => inputs.includes("d3"))) {
    scripts.unshift(await readFile(join(client, "d3.js"), "utf8"));
  }
  const data = Buffer.from(encode(values)).toString("base64");
  const html = reportHtml({
    document: { title: document.title, path, order: document.order, cells, values: data },
    bodies: Object.fromEntries(browser.map(({ id, body }) => [id, body])),
    styles,
    scripts,
  });
  const total = Buffer.byteLength(html);
  const mathematicsBytes = Buffer.byteLength(mathematics);
  return {
    html,
    bytes: {
      page: total - data.length - mathematicsBytes,
      mathematics: mathematicsBytes,
      data: data.length,
    },
  };
}

/** KaTeX's style with its fonts inside: a file that is opened from a disk may load no other. */
async function katexStyle(folder: string): Promise<string> {
  const style = await readFile(join(folder, "katex.min.css"), "utf8");
  const names = [...new Set(style.match(/fonts\/[\w-]+\.woff2/g))];
  const fonts = new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), "base64")] as const),
    ),
  );
  // The other formats are for browsers that read no woff2, which read none of the rest of the page.
  return style.replace(/src:url\((fonts\/[\w-]+\.woff2)\)[^;}]*/g, (_, name: string) => {
    return `src:url(data:font/woff2;base64,${fonts.get(name)}) format("woff2")`;
  });
}
