import type MarkdownIt from "markdown-it";

/** Work that one formula may ask for: macros that expand for ever end here. */
const limits = { maxExpand: 1000, maxSize: 50 } as const;

/** What of KaTeX is used. */
export interface Katex {
  renderToString(source: string, options: object): string;
}

/**
 * A Markdown rule: `$…$` in a line and `$$…$$` on lines of its own are LaTeX, rendered to HTML here so
 * that the page needs no library. As in Pandoc, an opening `$` is followed by a character and a closing
 * one preceded by one and not followed by a digit, so that prices stay prices. A formula that is not
 * LaTeX is shown as it is, with the reason in its title.
 */
export function mathematics(markdown: MarkdownIt, katex: Katex): void {
  markdown.inline.ruler.after("escape", "math_inline", inlineRule);
  markdown.block.ruler.after("blockquote", "math_block", blockRule, {
    alt: ["paragraph", "reference", "blockquote", "list"],
  });
  markdown.renderer.rules["math_inline"] = (tokens, index) =>
    formulaHtml(katex, tokens[index]!.content, false);
  markdown.renderer.rules["math_display"] = (tokens, index) =>
    formulaHtml(katex, tokens[index]!.content, true);
  markdown.renderer.rules["math_block"] = (tokens, index) =>
    `<p>${formulaHtml(katex, tokens[index]!.content, true)}</p>\n`;
}

/** LaTeX as HTML; as it is, with the reason in its title, when it is none. */
function formulaHtml(katex: Katex, source: string, displayMode: boolean): string {
  try {
    return katex.renderToString(source, {
      displayMode,
      throwOnError: true,
      strict: false,
      ...limits,
    });
  } catch (error) {
    const reason = (error as Error).message.replace(/^KaTeX parse error: /, "");
    return `<code class="math-error" title="${escapeHtml(reason)}">${escapeHtml(source)}</code>`;
  }
}

const inlineRule: Parameters<MarkdownIt["inline"]["ruler"]["push"]>[1] = (state, silent) => {
  const { src, pos, posMax } = state;
  if (src[pos] !== "$") return false;
  const display = src[pos + 1] === "$";
  const mark = display ? "$$" : "$";
  const start = pos + mark.length;
  if (!display && /\s/.test(src[start] ?? " ")) return false;
  for (
    let end = src.indexOf(mark, start);
    end !== -1 && end < posMax;
    end = src.indexOf(mark, end + 1)
  ) {
    if (isEscaped(src, end)) continue;
    const content = src.slice(start, end);
    if (content.trim() === "") return false;
    if (!display && (/\s/.test(src[end - 1]!) || /\d/.test(src[end + 1] ?? ""))) continue;
    if (!silent) state.push(display ? "math_display" : "math_inline", "", 0).content = content;
    state.pos = end + mark.length;
    return true;
  }
  return false;
};

const blockRule: Parameters<MarkdownIt["block"]["ruler"]["push"]>[1] = (
  state,
  startLine,
  endLine,
  silent,
) => {
  const lineAt = (line: number) =>
    state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]!).trimEnd();
  const first = lineAt(startLine);
  if (!first.startsWith("$$") || state.sCount[startLine]! - state.blkIndent >= 4) return false;
  const lines: string[] = [];
  for (let line = startLine; line < endLine; line++) {
    if (line > startLine && state.sCount[line]! < state.blkIndent && lineAt(line) !== "")
      return false;
    const text = line === startLine ? first.slice(2) : lineAt(line);
    const closing = text.endsWith("$$");
    lines.push(closing ? text.slice(0, -2) : text);
    if (!closing) continue;
    const content = lines.join("\n");
    // Two formulas on one line are for the rule within lines.
    if (content.trim() === "" || content.includes("$$")) return false;
    if (silent) return true;
    state.line = line + 1;
    const token = state.push("math_block", "", 0);
    token.content = content;
    token.block = true;
    token.map = [startLine, state.line];
    return true;
  }
  return false;
};

function isEscaped(text: string, position: number): boolean {
  let backslashes = 0;
  while (text[position - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
