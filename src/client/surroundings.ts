import { type Changes, changes } from "./changes.ts";

/** The width in pixels that `column` gives its content, now and whenever it changes. */
export function widths(column: Element): Changes {
  let width = contentWidth(column);
  return changes(
    () => width,
    (changed) => {
      changed();
      const observer = new ResizeObserver(([entry]) => {
        const now = Math.floor(entry?.contentRect.width ?? 0);
        if (now === width || now === 0) return;
        width = now;
        changed();
      });
      observer.observe(column);
      return () => observer.disconnect();
    },
  );
}

function contentWidth(column: Element): number {
  const { paddingLeft, paddingRight } = getComputedStyle(column);
  const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
  return Math.floor(column.clientWidth - (padding || 0)) || usualWidth;
}

/** The width of a column that is not on a screen. */
const usualWidth = 896;

/** Whether the page is dark, now and whenever that changes. */
export function darknesses(): Changes {
  const query = matchMedia("(prefers-color-scheme: dark)");
  return changes(
    () => query.matches,
    (changed) => {
      changed();
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
  );
}
