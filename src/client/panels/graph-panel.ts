import { element, svgElement } from "../element.ts";
import type { Neighbours } from "../neighbours.ts";
import type { Panel } from "./panels.ts";

/** A cell as the graph shows it. */
export interface GraphNode {
  readonly id: string;
  /** What it is called. */
  readonly name: string;
  readonly side: "browser" | "kernel";
  /** As a word; empty when there is nothing to tell. */
  readonly state: string;
}

export interface GraphPanelParts {
  /** Code cells in the order of the page. */
  nodes(): readonly GraphNode[];
  neighbours(): ReadonlyMap<string, Neighbours>;
  current(): string | undefined;
  /** Calls `listener` when anything of it may be another, until the signal aborts. */
  follow(listener: () => void, signal: AbortSignal): void;
  visit(cell: string): void;
}

/** Pixels of a row, and of the arcs beside the rows. */
const height = 30;
const width = 72;

/**
 * The cells in page order, an arc from each to each that reads it. Arrow keys go from cell to cell: up and
 * down in page order, left to what it reads and right to what reads it; Enter goes to the cell.
 */
export function graphPanel(parts: GraphPanelParts): Panel {
  return {
    name: "graph",
    title: "Graph",
    open: (closed) => {
      const drawn = new DrawnGraph(parts);
      parts.follow(() => drawn.refresh(), closed);
      return drawn.element;
    },
  };
}

class DrawnGraph {
  readonly element: HTMLElement;
  readonly #parts: GraphPanelParts;
  readonly #list = element("ol", { class: "graph-nodes" });
  readonly #arcs = svgElement("svg", { class: "graph-arcs", "aria-hidden": "true", width });
  readonly #note = element("p", { class: "panel-note", "aria-live": "polite" });
  #looked: string | undefined;
  #current: string | undefined;
  #shown = "";

  constructor(parts: GraphPanelParts) {
    this.#parts = parts;
    this.element = element(
      "div",
      { class: "graph" },
      element("div", { class: "graph-drawing" }, this.#arcs, this.#list),
      this.#note,
    );
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("focusin", ({ target }) => this.#look(target));
    this.#list.addEventListener("pointerover", ({ target }) => this.#look(target));
    this.refresh();
  }

  refresh(): void {
    const nodes = this.#parts.nodes();
    const edges = [...this.#parts.neighbours()].map(([id, { reads }]) => [id, ...reads]);
    const text = JSON.stringify([nodes, edges, this.#parts.current()]);
    if (text === this.#shown) return;
    this.#shown = text;
    // Where the person went is what is looked at now.
    if (this.#parts.current() !== this.#current) this.#looked = undefined;
    this.#current = this.#parts.current();
    const focused = document.activeElement?.getAttribute("data-node");
    this.#list.replaceChildren(...nodes.map((node, i) => this.#row(node, i === 0)));
    if (focused != null) this.#button(focused)?.focus();
    this.#draw();
  }

  #row({ id, name, side, state }: GraphNode, isFirst: boolean): HTMLElement {
    const isCurrent = (this.#parts.current() ?? "") === id;
    const made = element(
      "button",
      {
        type: "button",
        class: "graph-node",
        "data-node": id,
        "data-side": side,
        tabindex: isCurrent || (isFirst && !this.#parts.current()) ? 0 : -1,
        "aria-current": isCurrent ? "true" : undefined,
      },
      element("span", { class: "graph-name", title: name }, name),
      element("span", { class: "graph-state" }, state || (side === "kernel" ? "kernel" : "")),
    );
    made.addEventListener("click", () => this.#parts.visit(id));
    return element("li", { style: `height:${height}px` }, made);
  }

  #button(id: string): HTMLElement | null {
    return this.#list.querySelector(`[data-node="${CSS.escape(id)}"]`);
  }

  #look(target: EventTarget | null): void {
    const at = target instanceof Element ? target.closest<HTMLElement>("[data-node]") : null;
    const id = at?.dataset["node"];
    if (id === undefined || id === this.#looked) return;
    this.#looked = id;
    for (const other of this.#list.querySelectorAll<HTMLElement>("[data-node]")) {
      if (at?.matches(":focus")) other.tabIndex = other === at ? 0 : -1;
    }
    this.#draw();
  }

  /** Draws the arcs; those of the cell that is looked at stand out, and the cells they lead to. */
  #draw(): void {
    const nodes = this.#parts.nodes();
    const neighbours = this.#parts.neighbours();
    const at = this.#looked ?? this.#parts.current();
    const places = new Map(nodes.map(({ id }, i) => [id, i]));
    const middle = (id: string) => (places.get(id) ?? 0) * height + height / 2;
    const arcs = nodes.flatMap(({ id }) =>
      [...(neighbours.get(id)?.reads ?? [])].map((read) => ({ from: read, to: id })),
    );
    const isLooked = ({ from, to }: { from: string; to: string }) => from === at || to === at;
    const sorted = arcs.toSorted((a, b) => Number(isLooked(a)) - Number(isLooked(b)));
    this.#arcs.setAttribute("height", String(nodes.length * height));
    this.#arcs.replaceChildren(
      ...sorted.map((arc) => {
        const [start, end] = [middle(arc.from), middle(arc.to)];
        const reach = Math.min(width - 10, 8 + Math.abs(end - start) / 3);
        const x = width - 4;
        const d = `M${x} ${start}C${x - reach} ${start} ${x - reach} ${end} ${x} ${end}M${x - 5} ${end - 3}L${x} ${end}L${x - 5} ${end + 3}`;
        return svgElement("path", { d, class: isLooked(arc) ? "is-looked" : "" });
      }),
    );
    const { reads, readers } = neighbours.get(at ?? "") ?? {};
    for (const row of this.#list.querySelectorAll<HTMLElement>("[data-node]")) {
      const id = row.dataset["node"]!;
      row.classList.toggle("is-read", reads?.has(id) === true);
      row.classList.toggle("is-reader", readers?.has(id) === true);
    }
    const nameOf = (id: string) => nodes[places.get(id) ?? -1]?.name ?? id;
    const said = (set: ReadonlySet<string> | undefined) =>
      set?.size ? [...set].map(nameOf).join(", ") : "nothing";
    this.#note.textContent =
      at === undefined || !places.has(at)
        ? ""
        : `${nameOf(at)} reads ${said(reads)}; ${said(readers)} ${readers && readers.size > 1 ? "read" : "reads"} it.`;
  }

  #key(event: KeyboardEvent): void {
    const at = document.activeElement?.getAttribute("data-node");
    if (at == null) return;
    const ids = this.#parts.nodes().map(({ id }) => id);
    const place = ids.indexOf(at);
    const { reads, readers } = this.#parts.neighbours().get(at) ?? {};
    const to = {
      ArrowUp: ids[place - 1],
      ArrowDown: ids[place + 1],
      ArrowLeft: [...(reads ?? [])].at(-1),
      ArrowRight: [...(readers ?? [])][0],
      Home: ids[0],
      End: ids.at(-1),
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#button(to)?.focus();
  }
}
