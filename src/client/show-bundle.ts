import type { MimeBundle } from "../protocol/index.ts";
import { element } from "./element.ts";
import { harmless } from "./harmless.ts";

const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;

const shown = new WeakMap<HTMLElement, MimeBundle>();

/**
 * Shows the richest type of a bundle in `place`: HTML and SVG in a shadow of their own, so that their
 * styles and ours do not meet, without anything in them that runs; pictures; all else as text.
 */
export function showBundle(place: HTMLElement, bundle: MimeBundle): void {
  if (shown.get(place) === bundle) return;
  shown.set(place, bundle);
  place.replaceChildren(...nodesOf(bundle));
}

function nodesOf(bundle: MimeBundle): Node[] {
  const html = bundle["text/html"];
  if (typeof html === "string") return [inShadow(harmless(html, "text/html"))];
  const svg = bundle["image/svg+xml"];
  if (typeof svg === "string") return [inShadow(harmless(svg, "image/svg+xml"))];
  for (const type of pictures) {
    const bytes = bundle[type];
    if (bytes instanceof Uint8Array || typeof bytes === "string")
      return [picture(type, bytes, bundle)];
  }
  const text = bundle["text/plain"] ?? JSON.stringify(bundle["application/json"], null, 2);
  return [element("pre", { class: "preview" }, String(text ?? ""))];
}

function inShadow(content: Node): HTMLElement {
  const host = element("div", { class: "rich" });
  const style = element("style");
  style.textContent = shadowStyle;
  const root = host.attachShadow({ mode: "open" });
  root.append(style, content);
  // Of the page's styles none reaches into a shadow.
  if (root.querySelector(".katex")) root.prepend(...mathematicsStyles());
  return host;
}

/** The styles of formulas, which the page or the report has for its prose. */
function mathematicsStyles(): readonly Node[] {
  const all = document.querySelectorAll("link[rel=stylesheet][href*=katex], style");
  return [...all]
    .filter(
      ({ localName, textContent }) => localName === "link" || textContent.includes("KaTeX_Main"),
    )
    .map((style) => style.cloneNode(true));
}

const shadowStyle = `
:host { --figure-ink: currentColor; --figure-paper: transparent; display: block; }
@media screen and (prefers-color-scheme: dark) {
  :host { --figure-light: none; --figure-dark: inline; --figure-gap: #2b3036; }
}
:host > * { max-width: 100%; }
svg { height: auto; max-width: 100%; }
figure { margin: 0; }
figure > h2, figure > h3 { margin: 0 0 0.3rem; font-size: 1rem; }
figure > h3 { color: var(--quiet); font-weight: normal; font-size: 0.875rem; }
figcaption { color: var(--quiet); font-size: 0.8125rem; }
p:first-child { margin-block-start: 0; }
p:last-child { margin-block-end: 0; }
pre, code { font-family: var(--mono); font-size: 0.875em; }
a { color: var(--accent); }
table { border-collapse: collapse; font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.7rem; border-block-end: 1px solid var(--rule); text-align: start; vertical-align: baseline; }
th { color: var(--quiet); font-weight: 600; }
tbody th { font-weight: normal; }
caption { padding-block-end: 0.3rem; color: var(--quiet); text-align: start; }
`;

function picture(type: string, data: Uint8Array | string, bundle: MimeBundle): HTMLElement {
  // Text is base64, as Jupyter's bundles have it.
  const bytes =
    typeof data === "string"
      ? Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
      : Uint8Array.from(data);
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const made = element("img", { src: address, alt: String(bundle["text/plain"] ?? type) });
  made.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  return made;
}
