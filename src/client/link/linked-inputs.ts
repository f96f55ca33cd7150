import type { CellDefinition } from "../../protocol/index.ts";
import { sameValue } from "../same-value.ts";
import { type ViewElement, viewEvent, viewValue } from "../view-value.ts";
import { readFragment, writeFragment } from "./address.ts";
import type { Address } from "./page-address.ts";
import { setViewText, viewText } from "./view-text.ts";

/** A view whose state the address has. */
export interface LinkedView {
  /** Brings it to the state that the address says, if it says one. */
  restore(): void;
  /** Tells the address its state. */
  update(): void;
}

export interface LinkedInputsParts {
  readonly address: Address;
  /** Says to the person what of the address is not used; undefined when all is. */
  readonly say: (text: string | undefined) => void;
  /** Names that cannot be set here, as those a report has frozen. */
  readonly frozen?: ReadonlySet<string>;
}

interface Linked {
  readonly element: ViewElement;
  /** Its state as its cell has made it; undefined when an address cannot say it. */
  readonly initial: string | undefined;
  readonly initialValue: unknown;
}

/** The address is written this long after the last change, in ms: a drag changes it once. */
const writeMilliseconds = 150;

/**
 * The state of all views in the address of the page: every one that differs from what its cell made it
 * with, as `cell.name=text`. A link reproduces the view; a reload keeps it; the way back is not lengthened.
 */
export class LinkedInputs {
  readonly #parts: LinkedInputsParts;
  readonly #views = new Map<string, Linked>();
  /** What the address says, or is about to say. */
  #states: Map<string, string>;
  #anchor: string;
  /** What of it no view has been given yet. */
  #waiting: Set<string>;
  readonly #left = new Set<string>();
  readonly #unused = new Map<string, string>();
  readonly #stop: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: LinkedInputsParts) {
    this.#parts = parts;
    const { anchor, states } = readFragment(parts.address.read());
    this.#anchor = anchor;
    this.#states = new Map(states);
    this.#waiting = new Set(states.keys());
    this.#stop = parts.address.onChange(() => this.#changed());
  }

  /** The place on the page that the address names; empty when it names none. */
  get anchor(): string {
    return this.#anchor;
  }

  /** Names of views that were changed and whose state an address cannot say. */
  get left(): readonly string[] {
    return [...this.#left].map((key) => key.slice(key.lastIndexOf(".") + 1));
  }

  /** A view as its cell has made it. */
  adopt(cell: string, name: string, element: ViewElement): LinkedView {
    const key = `${cell}.${name}`;
    const view = { element, initial: viewText(element), initialValue: viewValue(element) };
    this.#views.set(key, view);
    return { restore: () => this.#restore(key, view), update: () => this.#update(key, view) };
  }

  /** Says what of the address no cell of the workbook has a view for, and forgets it. */
  know(cells: readonly CellDefinition[]): void {
    const isThere = (key: string) => {
      const [id, name] = [key.slice(0, key.lastIndexOf(".")), key.slice(key.lastIndexOf(".") + 1)];
      const cell = cells.find((one) => one.id === id);
      if (cell?.kind !== "browser") return false;
      // Of a cell that is broken it is not known what it would show.
      return cell.error !== undefined || (cell.outputs.includes(name) && usesView(cell));
    };
    for (const key of [...this.#states.keys()].filter((one) => !isThere(one))) {
      if (this.#waiting.has(key)) this.#refuse(key, "there is no such input");
      else this.#forget(key);
    }
  }

  /** Writes what there is to write at once. */
  writeNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const states = new Map([...this.#states].sort(([a], [b]) => (a < b ? -1 : 1)));
    const hash = writeFragment({ anchor: this.#anchor, states });
    if (hash !== this.#parts.address.read()) this.#parts.address.write(hash);
  }

  dispose(): void {
    this.#stop();
    if (this.#timer !== undefined) this.writeNow();
  }

  #restore(key: string, { element }: Linked): void {
    const text = this.#states.get(key);
    if (text === undefined) return;
    const isFromAddress = this.#waiting.delete(key);
    const isFrozen = this.#parts.frozen?.has(key.slice(key.lastIndexOf(".") + 1));
    if (isFrozen) this.#refuse(key, "it needs the kernel, which a report has not");
    else if (setViewText(element, text)) return;
    else if (isFromAddress) this.#refuse(key, "the input does not take it");
    else this.#forget(key);
  }

  #update(key: string, { element, initial, initialValue }: Linked): void {
    this.#waiting.delete(key);
    const text = viewText(element);
    const isLeft = text === undefined && !sameValue(viewValue(element), initialValue);
    if (isLeft) this.#left.add(key);
    else this.#left.delete(key);
    if (text === undefined || text === initial) this.#states.delete(key);
    else this.#states.set(key, text);
    this.#write();
  }

  #refuse(key: string, why: string): void {
    this.#unused.set(`${key}=${this.#states.get(key)}`, why);
    this.#forget(key);
    const parts = [...this.#unused].map(([what, reason]) => `${what} (${reason})`);
    this.#parts.say(`Not used of the address: ${parts.join("; ")}`);
  }

  #forget(key: string): void {
    this.#states.delete(key);
    this.#waiting.delete(key);
    this.#write();
  }

  #write(): void {
    this.#timer ??= setTimeout(() => this.writeNow(), writeMilliseconds);
  }

  /** Somebody has written another address in the place of this page's, or followed a link in it. */
  #changed(): void {
    const { anchor, states } = readFragment(this.#parts.address.read());
    this.#anchor = anchor;
    // A link to a place says nothing of the inputs.
    if (states.size > 0) this.#take(states);
    this.#write();
  }

  #take(states: ReadonlyMap<string, string>): void {
    this.#unused.clear();
    this.#parts.say(undefined);
    this.#states = new Map(states);
    this.#waiting = new Set(states.keys());
    for (const [key, view] of this.#views) {
      const { element, initial } = view;
      if (!element.isConnected) continue;
      const before = viewText(element);
      if (states.has(key)) this.#restore(key, view);
      else if (initial !== undefined && before !== initial) setViewText(element, initial);
      if (viewText(element) === before) continue;
      element.dispatchEvent(new Event(viewEvent(element), { bubbles: true }));
    }
    for (const key of this.#waiting) {
      if (!this.#views.has(key)) this.#refuse(key, "there is no such input");
    }
  }
}

function usesView({ inputs }: Extract<CellDefinition, { kind: "browser" }>): boolean {
  return inputs.includes("view");
}
