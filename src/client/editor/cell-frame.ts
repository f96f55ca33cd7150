import type { NewCell } from "../../editing/index.ts";
import { button, element } from "../element.ts";

/** What a frame asks for. */
export interface CellFrameActions {
  /** The person means this cell; with `extend` also those up to it. */
  choose(id: string, extend: boolean): void;
  /** The person wants to write in this cell; `point` is where on the page they pressed. */
  write(id: string, point: { readonly x: number; readonly y: number }): void;
  /** A new cell below this one, or above it. */
  insert(id: string, kind: NewCell["kind"], isAbove: boolean): void;
  menu(id: string, at: HTMLElement): void;
}

export const insertKinds = [
  ["browser", "+ Code"],
  ["kernel", "+ Kernel"],
  ["prose", "+ Text"],
] as const;

/**
 * Gives a cell's element what it is edited by: a handle to drag it by and to open its menu, and places to
 * insert another below it and, at the top of the page, above it.
 */
export function frameCell(cell: HTMLElement, id: string, actions: CellFrameActions): void {
  if (cell.querySelector(":scope > .cell-handle")) return;
  cell.tabIndex = -1;
  const handle: HTMLButtonElement = button("⋮⋮", () => actions.menu(id, handle), {
    class: "cell-handle",
    draggable: "true",
    title: "Drag to move; press for more",
    "aria-label": `Cell ${id}: what can be done`,
    "aria-haspopup": "menu",
    "aria-expanded": "false",
  });
  cell.prepend(handle);
  cell.append(insertPlace(id, actions, true), insertPlace(id, actions, false));
  cell.addEventListener("pointerdown", (event) => {
    const at = event.target as Element;
    if (event.button !== 0 || at.closest("[data-cell]") !== cell || at.closest(".cell-handle")) {
      return;
    }
    // With Shift in the text that is being written, text is chosen.
    const isText = event.shiftKey && at.closest(".cm-editor.cm-focused") !== null;
    actions.choose(id, event.shiftKey && !isText);
  });
  cell.addEventListener("mousedown", (event) => {
    const isText = (event.target as Element).closest(".cm-focused, input, textarea, select");
    // Else the browser chooses all text between the two presses.
    if (event.shiftKey && !isText) event.preventDefault();
  });
  const write = (event: MouseEvent) => actions.write(id, { x: event.clientX, y: event.clientY });
  cell.addEventListener("click", (event) => {
    const isSource = (event.target as Element).closest(".code") !== null;
    const isPlain = !event.shiftKey && document.getSelection()?.isCollapsed;
    if (isSource && isPlain) write(event);
  });
  cell.addEventListener("dblclick", (event) => {
    if ((event.target as Element).closest(".prose-text") && !event.defaultPrevented) write(event);
  });
}

function insertPlace(id: string, actions: CellFrameActions, isAbove: boolean): HTMLElement {
  const where = isAbove ? "before" : "after";
  return element(
    "div",
    { class: `cell-insert ${where}` },
    ...insertKinds.map(([kind, title]) =>
      button(title, () => actions.insert(id, kind, isAbove), {
        class: "small",
        "aria-label": `${title.slice(2)} cell ${where} ${id}`,
      }),
    ),
  );
}
