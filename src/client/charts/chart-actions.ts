import { steadyText } from "../../charts/index.ts";
import { button, element } from "../element.ts";
import { type ChartTable, csvOf, tableElement } from "./chart-table.ts";
import { notInPicture, pictureOf, pngOf, svgText } from "./picture.ts";
import { fileNameOf, save } from "./save.ts";

/**
 * Gives a chart its menu: its numbers as a table below it, and files that equal what is on the screen.
 *
 * @param name of the files and of the menu
 * @param table the numbers, made when they are asked for
 */
export function addActions(chart: HTMLElement, name: string, table: () => ChartTable): void {
  const file = (extension: string) => `${fileNameOf(name)}.${extension}`;
  let shown: HTMLElement | undefined;
  const menu = element("details", { class: "chart-actions", ...notInPicture });
  const close = () => {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };
  const action = (text: string, act: () => void | Promise<void>) => {
    const problem = (error: Error) => {
      menu.querySelector(".problem")?.remove();
      menu.lastElementChild?.append(element("p", { class: "problem" }, error.message));
    };
    return button(text, async () => {
      try {
        await act();
        close();
      } catch (error) {
        problem(error as Error);
      }
    });
  };
  const toggle = action("Show as table", () => {
    if (shown) shown.remove();
    else chart.append(tableElement(table(), (value) => steadyText(value)));
    shown = shown ? undefined : (chart.lastElementChild as HTMLElement);
    if (shown)
      for (const [key, value] of Object.entries(notInPicture)) shown.setAttribute(key, value);
    toggle.textContent = shown ? "Hide table" : "Show as table";
  });
  menu.append(
    element(
      "summary",
      { "aria-label": `Table and files of ${name}`, title: "Table and files" },
      "⋯",
    ),
    element(
      "div",
      { class: "chart-menu" },
      toggle,
      action("Save as SVG", () => save(file("svg"), "image/svg+xml", svgText(pictureOf(chart)))),
      action("Save as PNG", async () =>
        save(file("png"), "image/png", await pngOf(pictureOf(chart))),
      ),
      action("Save as CSV", () => save(file("csv"), "text/csv", csvOf(table()))),
    ),
  );
  menu.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = [...menu.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    if (by !== undefined && menu.open) {
      event.preventDefault();
      items[(at + by + items.length) % items.length]?.focus();
    }
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  const closeOutside = ({ target }: Event) => {
    if (!menu.contains(target as Node)) menu.open = false;
  };
  menu.addEventListener("toggle", () => {
    if (menu.open) {
      menu.querySelector("button")?.focus({ preventScroll: true });
      document.addEventListener("pointerdown", closeOutside);
    } else document.removeEventListener("pointerdown", closeOutside);
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
  });
  chart.append(menu);
}
