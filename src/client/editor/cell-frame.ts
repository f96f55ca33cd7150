import type { NewCell } from "../../editing/index.ts";
import { button, element } from "../element.ts";

/** What a frame asks for. */
export interface CellFrameActions {
  /** The person means this cell. */
  choose(id: string, extend: boolean): void;
  /** The person wants to write in this cell; `point` is where on the page they pressed. */
  write(id: string, point: { readonly x: number; readonly y: number }): void;
  insert(after: string, kind: NewCell["kind"]): void;
  menu(id: string, at: HTMLElement): void;
  /** Moves the chosen cells, or this one when it is none of them, behind another; null: to the top. */
  move(id: string, after: string | null): void;
}

/** Text of a drag that carries cells of this page. */
const dragType = "application/x-simile-cell";

/**
 * Gives a cell's element what it is edited by: a handle to drag it and to open its menu, and below it a
 * place to insert another.
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
  handle.addEventListener("dragstart", (event) => {
    event.dataTransfer?.setData(dragType, id);
    event.dataTransfer?.setDragImage(cell, 0, 0);
    actions.choose(id, false);
  });
  const kinds = [
    ["browser", "+ Code"],
    ["kernel", "+ Kernel"],
    ["prose", "+ Text"],
  ] as const;
  const insert = element(
    "div",
    { class: "cell-insert" },
    ...kinds.map(([kind, title]) =>
      button(title, () => actions.insert(id, kind), {
        class: "small",
        "aria-label": `${title.slice(2)} cell after ${id}`,
      }),
    ),
  );
  cell.append(handle, insert);
  cell.addEventListener("pointerdown", (event) => {
    const isOwn = (event.target as Element).closest(".cell, .prose") === cell;
    if (isOwn) actions.choose(id, event.shiftKey);
  });
  const write = (event: MouseEvent) => actions.write(id, { x: event.clientX, y: event.clientY });
  cell.addEventListener("click", (event) => {
    const isSource = (event.target as Element).closest(".code") !== null;
    if (isSource && document.getSelection()?.isCollapsed) write(event);
  });
  cell.addEventListener("dblclick", (event) => {
    if ((event.target as Element).closest(".prose-text") && !event.defaultPrevented) write(event);
  });
  acceptDrop(cell, (dragged, isBelow) => {
    if (dragged === id) return;
    const above = cell.previousElementSibling?.getAttribute("data-cell") ?? null;
    actions.move(dragged, isBelow ? id : above);
  });
}

function acceptDrop(cell: HTMLElement, drop: (dragged: string, isBelow: boolean) => void): void {
  const isBelow = (event: DragEvent) => {
    const { top, height } = cell.getBoundingClientRect();
    return event.clientY > top + height / 2;
  };
  const clear = () => cell.classList.remove("drop-above", "drop-below");
  cell.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes(dragType)) return;
    event.preventDefault();
    clear();
    cell.classList.add(isBelow(event) ? "drop-below" : "drop-above");
  });
  cell.addEventListener("dragleave", clear);
  cell.addEventListener("drop", (event) => {
    clear();
    const dragged = event.dataTransfer?.getData(dragType);
    if (!dragged) return;
    event.preventDefault();
    drop(dragged, isBelow(event));
  });
}
