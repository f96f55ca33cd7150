import type MarkdownIt from "markdown-it";

/**
 * Sets three dots as …, `--` between words as – and `---` as —. Nothing else is replaced: markdown-it's own rule
 * would make an item (c) a copyright sign, and `../data` something that is no path.
 */
export function typography(markdown: MarkdownIt): void {
  markdown.core.ruler.at("replacements", ({ tokens }) => {
    for (const { type, children } of tokens) {
      if (type !== "inline" || !children) continue;
      let depth = 0;
      for (const token of children) {
        // The text of an address that became a link is the address.
        if (token.type === "link_open" && token.info === "auto") depth++;
        else if (token.type === "link_close" && token.info === "auto") depth--;
        else if (token.type === "text" && depth === 0) token.content = set(token.content);
      }
    }
  });
}

function set(text: string): string {
  return text
    .replace(/(?<![./\\])\.{3}(?![./\\])/g, "…")
    .replace(/(?<!-)---(?!-)/g, "—")
    .replace(/(?<=^|\s)--(?=\s|$)|(?<=[^-\s])--(?=[^-\s])/gm, "–");
}
