import MarkdownIt from "markdown-it";
import { highlight } from "../../src/workbook/index.ts";
import { mathematics } from "./mathematics.ts";

const markdown = new MarkdownIt({
  // A workbook is somebody else's text until it is trusted: no HTML of its own.
  html: false,
  linkify: true,
  typographer: true,
  highlight: (source, language) =>
    /^(ts|js|typescript|javascript)$/.test(language) ? highlight(source) : "",
});
markdown.use(mathematics);
// `notes.md` is a file of ours, not a site in Moldova.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

const openLink = markdown.renderer.rules["link_open"];
markdown.renderer.rules["link_open"] = (tokens, index, options, environment, renderer) => {
  const token = tokens[index]!;
  if (/^[a-z]+:/i.test(token.attrGet("href") ?? "")) {
    token.attrSet("target", "_blank");
    token.attrSet("rel", "noopener noreferrer");
  }
  return openLink
    ? openLink(tokens, index, options, environment, renderer)
    : renderer.renderToken(tokens, index, options);
};

/** HTML of a prose cell: Markdown with mathematics, and nothing that could run. */
export function renderProse(source: string): string {
  return markdown.render(source);
}
