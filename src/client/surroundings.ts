import { type Changes, changes } from "./changes.ts";

/** The width in pixels that `column` gives its content, now and whenever it changes. */
export function widths(column: Element): Changes {
  return changes<number>((change) => {
    let last = 0;
    const tell = (width: number) => {
      if (width !== last && width > 0) change((last = width));
    };
    tell(Math.floor(column.clientWidth));
    const observer = new ResizeObserver(([entry]) => tell(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(column);
    return () => observer.disconnect();
  });
}

/** Whether the page is dark, now and whenever that changes. */
export function darknesses(): Changes {
  return changes<boolean>((change) => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const tell = () => change(query.matches);
    tell();
    query.addEventListener("change", tell);
    return () => query.removeEventListener("change", tell);
  });
}
