import type { MatrixPlace, MatrixSize } from "../../charts/index.ts";

/** What moves a cursor over a matrix. */
export interface MatrixCursor {
  place(): MatrixPlace | undefined;
  /** Puts the cursor on an entry, or nowhere. */
  move(to: MatrixPlace | undefined): void;
  /** The person chose the entry under the cursor. */
  choose(): void;
}

/**
 * Moves a cursor by pointer over `picture`, and by the arrow keys, Home and End while `plane` has the
 * focus; with Shift by ten. A click or Enter chooses, Escape lets go.
 */
export function onMatrixCursor(
  plane: HTMLElement,
  picture: Element,
  { rows, columns }: MatrixSize,
  cursor: MatrixCursor,
): void {
  const inside = (row: number, column: number): MatrixPlace => ({
    row: Math.min(rows - 1, Math.max(0, row)),
    column: Math.min(columns - 1, Math.max(0, column)),
  });
  plane.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
    cursor.move(isInside ? { row, column } : undefined);
  });
  const leave = () => cursor.move(undefined);
  plane.addEventListener("pointerleave", leave);
  plane.addEventListener("blur", leave);
  plane.addEventListener("focus", () => {
    // A press focuses too, and has moved the cursor already.
    if (plane.matches(":focus-visible")) cursor.move(cursor.place() ?? inside(0, 0));
  });
  plane.addEventListener("click", () => cursor.choose());
  plane.addEventListener("keydown", (event) => {
    const stride = event.shiftKey ? 10 : 1;
    const { row, column } = cursor.place() ?? inside(0, 0);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => cursor.move(inside(row, column - stride)),
      ArrowRight: () => cursor.move(inside(row, column + stride)),
      ArrowUp: () => cursor.move(inside(row - stride, column)),
      ArrowDown: () => cursor.move(inside(row + stride, column)),
      Home: () => cursor.move(inside(row, 0)),
      End: () => cursor.move(inside(row, columns - 1)),
      Enter: () => cursor.choose(),
      Escape: leave,
    };
    const act = moves[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
