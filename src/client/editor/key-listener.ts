import type { ActionName } from "./actions.ts";
import { KeySequence } from "./key-sequence.ts";
import type { KeyTable } from "./key-table.ts";
import { keyOf, type Mode } from "./keys.ts";

/** What keys are heard for. */
export interface KeyListenerParts {
  readonly table: KeyTable;
  /** Whether an action can be done now: keys of others are left to the browser. */
  can(name: ActionName): boolean;
  act(name: ActionName): void;
}

/** Actions that a key which is held down does again and again. */
const repeated: ReadonlySet<ActionName> = new Set([
  "next",
  "previous",
  "extendNext",
  "extendPrevious",
  "moveUp",
  "moveDown",
  "undoCells",
  "redoCells",
]);

/** Hears the keys of the page while cells are chosen, and what editors pass on while text is written. */
export class KeyListener {
  readonly #parts: KeyListenerParts;
  readonly #sequence = new KeySequence();

  constructor(parts: KeyListenerParts) {
    this.#parts = parts;
    document.addEventListener("keydown", this.#onKey);
  }

  dispose(): void {
    document.removeEventListener("keydown", this.#onKey);
  }

  /** What a pressed key asks for is done; true when it asks for something. */
  take(event: KeyboardEvent, mode: Mode): boolean {
    const key = keyOf(event);
    if (key === undefined || event.isComposing) return false;
    if (mode === "command" && isOthers(event.target, key)) return false;
    const found = this.#sequence.press(key, this.#parts.table.bindings(mode), event.timeStamp);
    if (found === undefined) return false;
    if (found === "begun") return true;
    if (!this.#parts.can(found)) return false;
    if (!event.repeat || repeated.has(found)) this.#parts.act(found);
    return true;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!event.defaultPrevented && this.take(event, "command")) event.preventDefault();
  };
}

/** Whether a text is being written there: in an editor, an input or a dialog. */
export function isWriting(at: Element | null): boolean {
  return at?.closest("input, textarea, select, [contenteditable=true], dialog") != null;
}

/**
 * Whether a key belongs to what has the focus: everything but shortcuts to text fields, inputs and charts,
 * all to dialogs and editors, which ask by themselves, and what presses them to buttons and links.
 */
function isOthers(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("dialog, .cm-editor, .menu")) return true;
  const isShortcut = /^(Ctrl|Meta|Alt)-/.test(key) || /^F\d/.test(key);
  if (isWriting(target)) return !isShortcut || /^(Ctrl|Meta)-(Shift-)?[acvxyz]$/.test(key);
  const owner = target.closest("button, a, summary, [tabindex], [role]");
  if (!owner || isShortcut || owner.matches("[data-cell], .code, main, body")) return false;
  if (owner.matches("button, a, summary")) return key === "Enter" || key === "Space";
  return true;
}
