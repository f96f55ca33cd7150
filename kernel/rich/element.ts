/** A node of any document, as far as it is read here. */
export interface DrawnNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<DrawnNode>;
}

/** An element of any document. */
export interface DrawnElement extends DrawnNode {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly outerHTML: string;
  readonly attributes: ArrayLike<{
    readonly name: string;
    readonly value: string;
    readonly namespaceURI: string | null;
  }>;
  getAttribute(name: string): string | null;
}

/** Whether a value is an element of some document: what a chart is. */
export function isElement(value: unknown): value is DrawnElement {
  if (typeof value !== "object" || value === null) return false;
  const { nodeType, outerHTML, localName } = value as Readonly<Record<string, unknown>>;
  return nodeType === 1 && typeof outerHTML === "string" && typeof localName === "string";
}

/** The elements among a node's children. */
export function elementsIn(node: DrawnNode): DrawnElement[] {
  return Array.from(node.childNodes).filter(isElement);
}
