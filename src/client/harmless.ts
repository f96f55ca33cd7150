/** Elements that run something, load something, or change the page around them. */
const refused =
  "script, iframe, frame, object, embed, link, meta, base, form, portal, foreignObject script, animate[attributeName=href], set[attributeName=href]";

/** Attributes whose value is an address. */
const addresses = new Set(["href", "xlink:href", "src", "action", "formaction", "data", "poster"]);

/**
 * Foreign HTML or SVG with nothing in it that runs: no scripts, no handlers, no addresses but of the web,
 * of this document and of pictures inside the text itself.
 *
 * @returns a text with the reason when SVG is not well-formed
 */
export function harmless(text: string, type: "text/html" | "image/svg+xml"): Node {
  const parsed = new DOMParser().parseFromString(type === "text/html" ? text : named(text), type);
  const problem = type === "image/svg+xml" ? parsed.querySelector("parsererror") : null;
  if (problem) return document.createTextNode("This SVG is not well-formed and is not shown");
  for (const element of parsed.querySelectorAll(refused)) element.remove();
  for (const element of parsed.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      const lower = name.toLowerCase();
      const isAddress = addresses.has(lower) && !isHarmless(value);
      if (lower.startsWith("on") || lower === "srcdoc" || isAddress) element.removeAttribute(name);
    }
  }
  const content = document.createDocumentFragment();
  if (type === "image/svg+xml") content.append(document.importNode(parsed.documentElement, true));
  else content.append(...[...parsed.head.childNodes, ...parsed.body.childNodes]);
  for (const link of content.querySelectorAll("a[href]")) {
    link.setAttribute("rel", "noopener noreferrer");
    link.setAttribute("target", "_blank");
  }
  return content;
}

/** SVG that does not say so is meant to be SVG. */
function named(svg: string): string {
  return /<svg\b[^>]*\sxmlns\s*=/.test(svg)
    ? svg
    : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

function isHarmless(address: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers pass over them in a scheme
  const plain = address.replace(/[\u0000-\u0020]/g, "").toLowerCase();
  return (
    /^(?:https?:|mailto:|#|blob:|data:image\/(?:png|jpeg|gif|webp);)/.test(plain) ||
    !/^[a-z][a-z0-9+.-]*:/.test(plain)
  );
}
