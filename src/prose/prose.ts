import type MarkdownIt from "markdown-it";
import { highlight } from "../workbook/index.ts";
import { type Katex, mathematics } from "./mathematics.ts";
import { typography } from "./typography.ts";

/** The libraries that render, which those who ask load when they need them. */
export interface ProseLibraries {
  readonly MarkdownIt: new (options: object) => MarkdownIt;
  readonly katex: Katex;
}

/** Renders Markdown with mathematics to HTML in which nothing can run. */
export function proseRenderer({ MarkdownIt, katex }: ProseLibraries): (source: string) => string {
  const markdown = new MarkdownIt({
    // A workbook is somebody else's text until it is trusted: no HTML of its own.
    html: false,
    linkify: true,
    typographer: true,
    highlight: (source: string, language: string) =>
      /^(ts|js|typescript|javascript)$/.test(language) ? highlight(source) : "",
  });
  typography(markdown);
  mathematics(markdown, katex);
  // `notes.md` is a file of ours, not a site in Moldova.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  const openLink = markdown.renderer.rules["link_open"];
  markdown.renderer.rules["link_open"] = (tokens, index, options, environment, renderer) => {
    const token = tokens[index]!;
    if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(token.attrGet("href") ?? "")) {
      token.attrSet("target", "_blank");
      token.attrSet("rel", "noopener noreferrer");
    }
    return openLink
      ? openLink(tokens, index, options, environment, renderer)
      : renderer.renderToken(tokens, index, options);
  };
  return (source) => markdown.render(source);
}
