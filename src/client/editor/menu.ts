import { element } from "../element.ts";

/** One line of a menu. */
export interface MenuEntry {
  readonly title: string;
  /** Keys that do the same. */
  readonly keys?: string;
  choose(): void;
}

/** A menu at a button; arrow keys go through it, Escape and any press elsewhere close it. */
export function openMenu(
  at: HTMLElement,
  label: string,
  entries: readonly MenuEntry[],
): HTMLElement {
  const menu = element("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (isDone: boolean) => {
    if (!menu.isConnected) return;
    menu.remove();
    at.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (!isDone) at.focus();
  };
  const outside = (event: Event) => {
    if (!menu.contains(event.target as Node)) close(true);
  };
  for (const { title, keys, choose } of entries) {
    const item = element(
      "button",
      { type: "button", role: "menuitem", tabindex: -1 },
      element("span", {}, title),
      element("kbd", {}, keys ?? ""),
    );
    item.addEventListener("click", () => {
      close(true);
      choose();
    });
    menu.append(item);
  }
  menu.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const items = [...menu.children] as HTMLElement[];
    const here = items.indexOf(document.activeElement as HTMLElement);
    const to = {
      ArrowDown: (here + 1) % items.length,
      ArrowUp: (here - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close(false);
    else if (to === undefined) return;
    else items[to]?.focus();
    event.preventDefault();
  });
  at.setAttribute("aria-expanded", "true");
  at.after(menu);
  document.addEventListener("pointerdown", outside, true);
  (menu.firstElementChild as HTMLElement | null)?.focus();
  return menu;
}
