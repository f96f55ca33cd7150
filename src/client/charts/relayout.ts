/**
 * Calls `lay(width)` now with a guess and again whenever the width that `chart` has on the page changes.
 *
 * @param guess the width before the chart is on a page
 */
export function onWidthChange(chart: Element, guess: number, lay: (width: number) => void): void {
  let last = Math.floor(guess);
  lay(last);
  if (typeof ResizeObserver !== "function") return;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === 0 || width === last) return;
    last = width;
    lay(width);
  }).observe(chart);
}
