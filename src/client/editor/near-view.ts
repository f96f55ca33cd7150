/** How far from what is seen a cell gets its editor, and how far it loses it again. */
const near = "800px 0px";
const far = "6000px 0px";

/** Tells of elements that come near what is seen, and of those that are far from it. */
export class NearView {
  readonly #ids = new WeakMap<Element, string>();
  readonly #near: IntersectionObserver | undefined;
  readonly #far: IntersectionObserver | undefined;
  readonly #here = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #come: (id: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param come is called for one at a time, with a pause between: a page that scrolls goes on scrolling
   */
  constructor(come: (id: string) => void, gone: (id: string) => void) {
    this.#come = come;
    if (typeof IntersectionObserver === "undefined") return;
    this.#near = new IntersectionObserver((entries) => this.#hear(entries), { rootMargin: near });
    this.#far = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) gone(this.#ids.get(target)!);
        }
      },
      { rootMargin: far },
    );
  }

  /** @param source is what comes near, as long as it is shown; the cell is what goes */
  watch(cell: Element, source: Element, id: string): void {
    this.#ids.set(cell, id);
    this.#ids.set(source, id);
    this.#far?.observe(cell);
    this.#near?.observe(source);
  }

  /** Tells of what is near once more. */
  again(): void {
    for (const id of this.#here) this.#waiting.add(id);
    this.#timer ??= setTimeout(() => this.#next());
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#near?.disconnect();
    this.#far?.disconnect();
  }

  #hear(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const id = this.#ids.get(target)!;
      for (const ids of [this.#here, this.#waiting]) {
        if (isIntersecting) ids.add(id);
        else ids.delete(id);
      }
    }
    this.#timer ??= setTimeout(() => this.#next());
  }

  #next(): void {
    this.#timer = undefined;
    const [id] = this.#waiting;
    if (id === undefined) return;
    this.#waiting.delete(id);
    this.#come(id);
    this.#timer = setTimeout(() => this.#next(), 16);
  }
}
