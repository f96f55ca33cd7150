import { element } from "../element.ts";
import { openDialog } from "./dialog.ts";

/** Something to choose from a palette. */
export interface PaletteEntry {
  readonly title: string;
  readonly detail?: string;
  choose(): void;
}

/** A list to choose from by typing a part of what is meant. */
export function openPalette(title: string, entries: readonly PaletteEntry[]): HTMLDialogElement {
  const input = element("input", {
    type: "text",
    role: "combobox",
    "aria-label": title,
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    placeholder: title,
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = element("ul", { id: "palette-list", role: "listbox", "aria-label": title });
  let shown: readonly PaletteEntry[] = [];
  let at = 0;
  const choose = (entry: PaletteEntry | undefined) => {
    if (!entry) return;
    dialog.close();
    entry.choose();
  };
  const mark = () => {
    for (const [i, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(i === at));
      if (i === at) item.scrollIntoView({ block: "nearest" });
    }
    input.setAttribute("aria-activedescendant", list.children[at]?.id ?? "");
  };
  const show = () => {
    shown = matching(entries, input.value);
    at = 0;
    list.replaceChildren(
      ...shown.map((entry, i) => {
        const item = element(
          "li",
          { role: "option", id: `palette-${i}` },
          element("span", {}, entry.title),
          element("kbd", {}, entry.detail ?? ""),
        );
        item.addEventListener("click", () => choose(entry));
        return item;
      }),
    );
    mark();
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      at = (at + by + shown.length) % Math.max(1, shown.length);
      mark();
    } else if (event.key === "Enter") choose(shown[at]);
    else return;
    event.preventDefault();
  });
  const dialog = openDialog(title, [input, list], "palette");
  show();
  input.focus();
  return dialog;
}

/** The entries that have all words of a query, those that begin with it first. */
export function matching(entries: readonly PaletteEntry[], query: string): readonly PaletteEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter(({ title }) =>
    words.every((word) => title.toLowerCase().includes(word)),
  );
  const first = words[0] ?? "";
  const rank = ({ title }: PaletteEntry) => (title.toLowerCase().startsWith(first) ? 0 : 1);
  return found.toSorted((a, b) => rank(a) - rank(b));
}
