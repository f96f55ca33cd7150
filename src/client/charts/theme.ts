const darkQuery = "(prefers-color-scheme: dark)";

let isPrinting = false;

/** Whether charts are to be drawn for a dark page. Paper is light. */
export function isDark(): boolean {
  return !isPrinting && typeof matchMedia === "function" && matchMedia(darkQuery).matches;
}

/**
 * Calls `draw` whenever light and dark change, for as long as `chart` lives: the chart holds the
 * listener, the page holds only one for all charts.
 */
export function onThemeChange(chart: Element, draw: () => void): void {
  watch();
  chart.classList.add(chartClass);
  chart.addEventListener(themeEvent, draw);
}

const chartClass = "simile-chart";
const themeEvent = "simile-theme";
let isWatching = false;

function watch(): void {
  if (isWatching || typeof matchMedia !== "function") return;
  isWatching = true;
  matchMedia(darkQuery).addEventListener("change", redrawAll);
  const print = (now: boolean) => () => {
    isPrinting = now;
    redrawAll();
  };
  window.addEventListener("beforeprint", print(true));
  window.addEventListener("afterprint", print(false));
}

function redrawAll(): void {
  for (const chart of document.getElementsByClassName(chartClass)) {
    chart.dispatchEvent(new Event(themeEvent));
  }
}
