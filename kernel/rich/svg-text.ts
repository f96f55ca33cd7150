import { type DrawnElement, type DrawnNode, isElement } from "./element.ts";

export const svgSpace = "http://www.w3.org/2000/svg";
export const linkSpace = "http://www.w3.org/1999/xlink";

/**
 * Ink and paper of a figure. Alone it is dark on white, so that it can be read on a page of any colour; a
 * page that holds it inline and says otherwise is followed.
 */
export const inkAndPaper =
  "color: var(--figure-ink, #20242a); background: var(--figure-paper, #fff); --plot-background: var(--figure-paper, #fff);";

/**
 * An `<svg>` element as a file of its own: well-formed XML that names its spaces, with fonts that every
 * system has and colours that can be read on any page.
 */
export function svgText(svg: DrawnElement): string {
  const style = [inkAndPaper, svg.getAttribute("style")].filter(Boolean).join(" ");
  const text = elementText(svg, { style });
  const spaces = [` xmlns="${svgSpace}"`, ` xmlns:xlink="${linkSpace}"`];
  const [open] = /^<svg[^>]*>/.exec(text) ?? [""];
  const missing = spaces.filter((space) => {
    const [name = ""] = space.split("=");
    return !open.includes(`${name}=`) && (name === " xmlns" || text.includes("xlink:"));
  });
  return `<svg${missing.join("")}${text.slice("<svg".length)}`;
}

/** @param instead attributes in place of the element's own */
function elementText(
  element: DrawnElement,
  instead: Readonly<Record<string, string>> = {},
): string {
  const { localName } = element;
  const own = Array.from(element.attributes, ({ name, value, namespaceURI }) => {
    const isBare = namespaceURI === linkSpace && !name.includes(":");
    return [isBare ? `xlink:${name}` : name, value] as const;
  });
  const attributes = Object.entries({ ...Object.fromEntries(own), ...instead });
  const inside = Array.from(element.childNodes, nodeText).join("");
  const tag = `${localName}${attributes.map(([name, value]) => ` ${name}="${escaped(value)}"`).join("")}`;
  return inside === "" ? `<${tag}/>` : `<${tag}>${inside}</${localName}>`;
}

function nodeText(node: DrawnNode): string {
  if (isElement(node)) return elementText(node);
  return node.nodeType === 3 ? escaped(node.textContent ?? "") : "";
}

/** Text within XML; characters that XML does not admit are left out. */
export function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
