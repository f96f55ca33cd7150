import { element } from "../element.ts";
import { bytesText } from "../sign.ts";
import type { Panel } from "./panels.ts";

/** A name of a workbook and what it has as a value. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly shape?: readonly number[] | undefined;
  readonly bytes: number;
  /** The cell that defines it. */
  readonly cell: string;
  /** What that cell is called. */
  readonly label: string;
  readonly side: "browser" | "kernel";
}

export interface VariablesPanelParts {
  /** In the order of the page. */
  variables(): readonly Variable[];
  /** Calls `listener` when they may be others, until the signal aborts. */
  follow(listener: () => void, signal: AbortSignal): void;
  visit(cell: string): void;
}

/** The names of all cells with type, shape and bytes; pressing one goes to its cell. */
export function variablesPanel({ variables, follow, visit }: VariablesPanelParts): Panel {
  return {
    name: "variables",
    title: "Variables",
    open: (closed) => {
      const body = element("tbody", { role: "rowgroup" });
      const total = element("p", { class: "panel-note" });
      let shown = "";
      const refresh = () => {
        const all = variables();
        const text = JSON.stringify(all);
        if (text === shown) return;
        shown = text;
        const focused = document.activeElement?.getAttribute("data-name");
        body.replaceChildren(...all.map((variable) => row(variable, visit)));
        if (focused != null) {
          body.querySelector<HTMLElement>(`[data-name="${CSS.escape(focused)}"]`)?.focus();
        }
        total.textContent = totalText(all);
      };
      refresh();
      follow(refresh, closed);
      // The roles are said: rows that are no rows of a table in their layout are none to some readers.
      const headings = ["Name", "Type", "Shape", "Bytes", "Cell"];
      const head = headings.map((text) =>
        element("th", { scope: "col", role: "columnheader" }, text),
      );
      return element(
        "div",
        { class: "variables" },
        element(
          "table",
          { role: "table" },
          element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
          body,
        ),
        total,
      );
    },
  };
}

function row(
  { name, type, shape, bytes, cell, label, side }: Variable,
  visit: (cell: string) => void,
): HTMLElement {
  const link = element("a", { href: `#cell-${cell}`, "data-name": name }, name);
  const made = element(
    "tr",
    { role: "row", "data-side": side },
    element("th", { scope: "row", role: "rowheader" }, link),
    element("td", { role: "cell", class: "type" }, type),
    element("td", { role: "cell", class: "shape" }, shape ? shape.join(" × ") : ""),
    element("td", { role: "cell", class: "number" }, bytes > 0 ? bytesText(bytes) : ""),
    element(
      "td",
      { role: "cell", class: "defined-in" },
      `${label}${side === "kernel" ? " · kernel" : ""}`,
    ),
  );
  made.addEventListener("click", (event) => {
    event.preventDefault();
    visit(cell);
  });
  return made;
}

function totalText(all: readonly Variable[]): string {
  if (all.length === 0) return "No cell has given a name a value yet.";
  const bytes = (side: string) =>
    bytesText(all.reduce((sum, one) => sum + (one.side === side ? one.bytes : 0), 0));
  return `About ${bytes("kernel")} in the kernel and ${bytes("browser")} in the page; what several names share is counted at each.`;
}
