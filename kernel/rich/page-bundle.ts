import { createRequire } from "node:module";
import { type ProseLibraries, proseRenderer } from "../../src/prose/index.ts";
import type { MimeBundle } from "../../src/protocol/index.ts";

/**
 * A bundle as our own page shows it: Markdown and formulas also as HTML, so that the page needs to know
 * neither.
 */
export function pageBundle(bundle: MimeBundle): MimeBundle {
  if ("text/html" in bundle) return bundle;
  const { "text/markdown": markdown, "text/latex": latex } = bundle;
  const text = markdown ?? latex;
  return typeof text === "string" ? { ...bundle, "text/html": rendered(text) } : bundle;
}

let render: ((source: string) => string) | undefined;

/** The libraries are loaded when there is something to render, and at once: what shows does not wait. */
function rendered(source: string): string {
  const require = createRequire(import.meta.url);
  render ??= proseRenderer({
    MarkdownIt: require("markdown-it") as ProseLibraries["MarkdownIt"],
    katex: require("katex") as ProseLibraries["katex"],
  });
  return render(source);
}
