import { element } from "../element.ts";

/** One line of a menu. */
export interface MenuEntry {
  readonly title: string;
  /** Keys that do the same. */
  readonly keys?: string;
  /** Of several that exclude each other: whether it is so now. */
  readonly isSo?: boolean;
  choose(): void;
}

/** Entries that belong together, under a name that is read aloud. */
export interface MenuGroup {
  readonly name: string;
  readonly entries: readonly MenuEntry[];
}

/** Room left between a menu and the edges of the window, in px. */
const margin = 8;

/**
 * A menu at a button, inside the window; arrow keys and first letters go through it; Escape, scrolling and
 * any press elsewhere close it.
 */
export function openMenu(
  at: HTMLElement,
  label: string,
  groups: readonly MenuGroup[],
): HTMLElement {
  const menu = element("div", { class: "menu", role: "menu", "aria-label": label });
  const closing = new AbortController();
  const close = () => {
    if (closing.signal.aborted) return;
    closing.abort();
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    at.setAttribute("aria-expanded", "false");
    if (hadFocus) at.focus({ preventScroll: true });
  };
  for (const { name, entries } of groups) {
    const items = entries.map((entry) => itemOf(entry, close));
    menu.append(element("div", { role: "group", "aria-label": name }, ...items));
  }
  const items = [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  menu.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = items.indexOf(document.activeElement as HTMLElement);
    const to = {
      ArrowDown: (here + 1) % items.length,
      ArrowUp: (here - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (to !== undefined) items[to]?.focus();
    else if (/^\p{Letter}$/u.test(event.key)) nextWith(event.key, items, here)?.focus();
    else return;
    event.preventDefault();
  });
  const { signal } = closing;
  const outside = (event: Event) => {
    if (!(event.target instanceof Node && menu.contains(event.target))) close();
  };
  document.addEventListener("pointerdown", outside, { capture: true, signal });
  document.addEventListener("scroll", outside, { capture: true, passive: true, signal });
  addEventListener("resize", close, { signal });
  menu.addEventListener(
    "focusout",
    ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
    },
    { signal },
  );
  at.setAttribute("aria-expanded", "true");
  document.body.append(menu);
  place(menu, at);
  items[0]?.focus({ preventScroll: true });
  return menu;
}

function itemOf({ title, keys, isSo, choose }: MenuEntry, close: () => void): HTMLElement {
  const item = element(
    "button",
    {
      type: "button",
      role: isSo === undefined ? "menuitem" : "menuitemradio",
      "aria-checked": isSo === undefined ? undefined : String(isSo),
      tabindex: -1,
    },
    element("span", {}, title),
    element("kbd", {}, keys ?? ""),
  );
  item.addEventListener("click", () => {
    close();
    choose();
  });
  return item;
}

/** The next entry after `here` that begins with a letter. */
function nextWith(
  letter: string,
  items: readonly HTMLElement[],
  here: number,
): HTMLElement | undefined {
  const turned = [...items.slice(here + 1), ...items.slice(0, here + 1)];
  return turned.find((item) => item.textContent?.toLowerCase().startsWith(letter.toLowerCase()));
}

/** Below the button where there is room, else above it, else as near as the window lets it. */
function place(menu: HTMLElement, at: HTMLElement): void {
  const { left, top, bottom } = at.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const x = Math.max(margin, Math.min(left, innerWidth - width - margin));
  const isBelow = bottom + height + margin <= innerHeight;
  const above = top - height;
  const y = isBelow
    ? bottom
    : Math.max(margin, above >= margin ? above : innerHeight - height - margin);
  menu.style.insetInlineStart = `${x}px`;
  menu.style.insetBlockStart = `${y}px`;
}
