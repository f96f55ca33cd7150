import type { Node, SourceFile } from "typescript";
import { ts } from "./typescript.ts";

/** The smallest part of a file's tree around a place. */
export function nodeAt(file: SourceFile, place: number): Node {
  let found: Node = file;
  const descend = (node: Node): void => {
    if (node.getStart(file) > place || node.end <= place) return;
    found = node;
    ts.forEachChild(node, descend);
  };
  descend(file);
  return found;
}
