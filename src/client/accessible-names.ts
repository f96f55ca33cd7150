/**
 * Gives names to the parts of Plot and Inputs that come without one, so that whoever cannot see them is
 * told what they are.
 */
export function nameParts(root: Element): void {
  for (const slider of root.querySelectorAll("form > div > input[type=range]:not([aria-label])")) {
    const label = slider.closest("form")?.querySelector("label")?.textContent ?? "";
    slider.setAttribute("aria-label", label || "slider");
  }
  for (const box of root.querySelectorAll("table input[type=checkbox]:not([aria-label])")) {
    const isHead = box.closest("thead") !== null;
    box.setAttribute("aria-label", isHead ? "select all rows" : "select this row");
  }
  for (const plot of root.querySelectorAll("svg[class^=plot-]:not([role])")) {
    plot.setAttribute("role", "img");
    if (!plot.hasAttribute("aria-label")) plot.setAttribute("aria-label", "chart");
    // A name is allowed only on what has a role.
    for (const part of plot.querySelectorAll("g[aria-label]")) part.setAttribute("role", "group");
  }
}
