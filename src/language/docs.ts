import type { JSDocTagInfo, SymbolDisplayPart } from "typescript";
import { withoutSettled } from "./cell-module.ts";
import { ts } from "./typescript.ts";

export interface Documented {
  readonly displayParts?: readonly SymbolDisplayPart[] | undefined;
  readonly documentation?: readonly SymbolDisplayPart[] | undefined;
  readonly tags?: readonly JSDocTagInfo[] | undefined;
}

export function textOf(parts: readonly SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString([...(parts ?? [])]);
}

/** A declaration as TypeScript tells it, without a word of how cells are connected. */
export function codeOf({ displayParts }: Documented): string {
  return withoutSettled(textOf(displayParts))
    .replace(/^\(alias\) /, "")
    .replace(/\nimport [^\n]+$/, "");
}

/** A docstring as Markdown: its text, then its tags. */
export function docsOf({ documentation, tags }: Documented): string {
  const told = (tags ?? []).map(({ name, text }) => {
    const [first, ...rest] = textOf(text).trim().split("\n");
    const words = [`*@${name}*`, first, ...rest].filter((word) => word !== undefined);
    return words.join(rest.length > 0 ? "\n" : " ").trim();
  });
  return [textOf(documentation), ...told].filter((part) => part !== "").join("\n\n");
}
