import { highlight } from "../../../workbook/index.ts";
import { element } from "../../element.ts";

/** A declaration, highlighted, and below it its docstring. */
export function docsView(code: string, docs: string, cell?: string): HTMLElement {
  return element(
    "div",
    { class: "docs" },
    code !== "" && codeView(code),
    cell !== undefined && element("p", { class: "docs-cell" }, `in cell ${cell}`),
    ...markdownNodes(docs),
  );
}

/** TypeScript as it is read. */
export function codeView(code: string): HTMLElement {
  const inner = element("code");
  // Escaped by the highlighter.
  inner.innerHTML = highlight(code);
  return element("pre", { class: "docs-code" }, inner);
}

/**
 * The Markdown that docstrings are written in, as elements: paragraphs, lists, fences, code, emphasis
 * and links of the web. Whatever else stands in it, HTML as well, is text.
 */
export function markdownNodes(text: string): readonly HTMLElement[] {
  const nodes: HTMLElement[] = [];
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  let paragraph: string[] = [];
  let list: HTMLElement | undefined;
  const end = () => {
    if (paragraph.length > 0) nodes.push(element("p", {}, ...spans(paragraph.join("\n"))));
    paragraph = [];
    list = undefined;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const fence = /^\s*(```+|~~~+)/.exec(line)?.[1];
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line)?.[1];
    const heading = /^#{1,6}\s+(.*)$/.exec(line)?.[1];
    if (fence !== undefined) {
      end();
      const from = i + 1;
      for (i++; i < lines.length && !lines[i]!.trim().startsWith(fence); i++);
      nodes.push(codeView(lines.slice(from, i).join("\n")));
    } else if (heading !== undefined) {
      end();
      nodes.push(element("p", {}, element("strong", {}, ...spans(heading))));
    } else if (item !== undefined && paragraph.length === 0) {
      list ??= nodes[nodes.push(element("ul")) - 1]!;
      list.append(element("li", {}, ...spans(item)));
    } else if (line.trim() === "") end();
    else if (list?.lastElementChild && /^\s/.test(line)) {
      list.lastElementChild.append("\n", ...spans(line.trim()));
    } else {
      list = undefined;
      paragraph.push(line);
    }
  }
  end();
  return nodes;
}

const spanPattern =
  /(`+)(.+?)\1(?!`)|\*\*([^*]+)\*\*|(?<![\w*])[*_]([^*_\n]+)[*_](?![\w*])|\[([^\]]+)\]\((https?:[^\s)]+)\)|(https?:\/\/[^\s<>)\]]+[^\s<>)\].,;:])/gs;

/** A line's code, emphasis and links. */
function spans(text: string): readonly (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(spanPattern)) {
    const [all, , code, strong, emphasis, label, address, bare] = match;
    parts.push(text.slice(at, match.index));
    at = match.index + all.length;
    if (code !== undefined) parts.push(element("code", {}, code.trim()));
    else if (strong !== undefined) parts.push(element("strong", {}, ...spans(strong)));
    else if (emphasis !== undefined) parts.push(element("em", {}, ...spans(emphasis)));
    else parts.push(link(label === undefined ? [bare!] : spans(label), address ?? bare!));
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}

function link(label: readonly (Node | string)[], href: string): HTMLElement {
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...label);
}
