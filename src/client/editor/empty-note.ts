import type { NewCell } from "../../editing/index.ts";
import { button, element } from "../element.ts";
import { insertKinds } from "./cell-frame.ts";

/** What stands in the place of the cells of a workbook that has none: how to begin. */
export function emptyNote(
  insert: (kind: NewCell["kind"]) => void,
  keys: { readonly insert: string; readonly paste: string },
): HTMLElement {
  const words = [
    keys.insert && `${keys.insert} inserts a cell`,
    keys.paste && `${keys.paste} pastes one`,
  ].filter(Boolean);
  return element(
    "div",
    { class: "empty-workbook" },
    element("p", {}, "This workbook is empty. Begin with:"),
    element(
      "p",
      { class: "empty-actions" },
      ...insertKinds.map(([kind, title]) =>
        button(title, () => insert(kind), {
          class: "small",
          "aria-label": `${title.slice(2)} cell`,
        }),
      ),
    ),
    words.length > 0 && element("p", { class: "empty-keys" }, words.join("; ")),
  );
}
