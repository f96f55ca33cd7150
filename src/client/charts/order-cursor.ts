/** What moves a cursor along places in an order: the checkpoints of a run, the values of a spectrum. */
export interface OrderCursor {
  readonly count: number;
  place(): number | undefined;
  /** Puts the cursor on a place, or nowhere. */
  move(to: number | undefined): void;
  /** The place nearest to a point of `plane`, in its own pixels; undefined when none is near. */
  nearest(x: number, y: number): number | undefined;
  /** The person chose the place under the cursor. */
  choose?(): void;
}

/**
 * Moves a cursor by pointer over `plane`, and by the arrow keys, Home and End while it has the focus; with
 * Shift by ten. A click or Enter chooses, Escape lets go.
 */
export function onOrderCursor(plane: HTMLElement, cursor: OrderCursor): void {
  const to = (place: number) => cursor.move(Math.min(cursor.count - 1, Math.max(0, place)));
  const leave = () => cursor.move(undefined);
  plane.addEventListener("pointermove", (event) => {
    const box = plane.getBoundingClientRect();
    cursor.move(cursor.nearest(event.clientX - box.left, event.clientY - box.top));
  });
  plane.addEventListener("pointerleave", leave);
  plane.addEventListener("blur", leave);
  plane.addEventListener("focus", () => {
    // A press focuses too, and has moved the cursor already.
    if (plane.matches(":focus-visible")) to(cursor.place() ?? 0);
  });
  if (cursor.choose) plane.addEventListener("click", () => cursor.choose?.());
  plane.addEventListener("keydown", (event) => {
    const stride = event.shiftKey ? 10 : 1;
    const here = cursor.place();
    const back = () => to((here ?? 0) - stride);
    const on = () => to((here ?? -1) + stride);
    const moves: Readonly<Record<string, (() => void) | undefined>> = {
      ArrowLeft: back,
      ArrowUp: back,
      ArrowRight: on,
      ArrowDown: on,
      Home: () => to(0),
      End: () => to(cursor.count - 1),
      Enter: cursor.choose && (() => cursor.choose?.()),
      Escape: leave,
    };
    const act = moves[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
