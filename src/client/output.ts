import { Inspector } from "@observablehq/inspector";
import { nameParts } from "./accessible-names.ts";

/**
 * Adds `value` at the end of `root`: a node as it is, anything else as an expandable text of it.
 *
 * @returns nothing; a fragment's children are adopted
 */
export function show(root: Element, value: unknown): void {
  if (value instanceof DocumentFragment) root.append(value);
  else if ((value instanceof Element || value instanceof Text) && isFree(value, root)) {
    root.append(value);
  } else {
    const place = document.createElement("div");
    new Inspector(place).fulfilled(value);
    root.append(place);
  }
  nameParts(root);
}

/** A node shown elsewhere stays there, and is shown here as text. */
function isFree(node: Node, root: Element): boolean {
  return node.parentNode === null || root.contains(node);
}
