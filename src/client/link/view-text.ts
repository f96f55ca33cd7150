import { setViewValue, type ViewElement, viewValue } from "../view-value.ts";
import { textOfValue, valueOfText } from "./value-text.ts";

/** Longer texts are not for an address. */
const longestText = 1000;

/**
 * The state of a view as a short text: its value where that is plain data, `?words` of a search, and
 * `~0,2` for the first and third choice of a control whose choices are more than plain data.
 *
 * @returns undefined when an address cannot say it: a file, a secret, a long text, a table's ticks
 */
export function viewText(element: ViewElement): string | undefined {
  const text = textOfState(element);
  return text !== undefined && text.length <= longestText ? text : undefined;
}

function textOfState(element: ViewElement): string | undefined {
  const query = queryOf(element);
  if (query !== undefined) return `?${query}`;
  if (controlsOf(element).some(({ type }) => type === "password" || type === "file")) {
    return undefined;
  }
  const value = viewValue(element);
  const choices = choicesOf(element);
  if (choices && !isSimple(value)) {
    return `~${choices.flatMap(({ isChosen }, index) => (isChosen ? [index] : [])).join()}`;
  }
  return textOfValue(value);
}

/**
 * Brings a view to the state that `text` says.
 *
 * @returns false when the view does not take it; the view is then as it was
 */
export function setViewText(element: ViewElement, text: string): boolean {
  if (textOfState(element) === undefined) return false;
  if (text.startsWith("?") && queryOf(element) !== undefined) {
    Object.assign(element, { query: text.slice(1) });
    return true;
  }
  if (text.startsWith("~")) return choose(element, text.slice(1).split(",").filter(Boolean));
  const before = viewValue(element);
  for (const value of new Set([valueOfText(text), text])) {
    try {
      setViewValue(element, value);
      if (textOfValue(viewValue(element)) === textOfValue(value)) return true;
    } catch {
      // A control may refuse what it does not know.
    }
    setViewValue(element, before);
  }
  return false;
}

function choose(element: ViewElement, indices: readonly string[]): boolean {
  const choices = choicesOf(element);
  if (!choices || indices.some((index) => !/^\d+$/.test(index) || !choices[Number(index)])) {
    return false;
  }
  for (const [index, choice] of choices.entries()) choice.choose(indices.includes(String(index)));
  choices[0]?.control.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

interface Choice {
  readonly control: Element;
  readonly isChosen: boolean;
  choose(isChosen: boolean): void;
}

/** The choices of a view that is one menu, or boxes of one kind only. */
function choicesOf(element: ViewElement): readonly Choice[] | undefined {
  const controls = controlsOf(element);
  const [first] = controls;
  if (controls.length === 1 && first instanceof HTMLSelectElement) {
    return Array.from(first.options, (option) => ({
      control: first,
      isChosen: option.selected,
      choose: (isChosen) => {
        option.selected = isChosen;
      },
    }));
  }
  const isBox = first?.type === "radio" || first?.type === "checkbox";
  if (!isBox || controls.some(({ type }) => type !== first.type)) return undefined;
  return (controls as HTMLInputElement[]).map((control) => ({
    control,
    isChosen: control.checked,
    choose: (isChosen) => {
      control.checked = isChosen;
    },
  }));
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const controlNames = "input, select, textarea";

function controlsOf(element: ViewElement): readonly Control[] {
  const inside = [...element.querySelectorAll<Control>(controlNames)];
  return element.matches(controlNames) ? [element as Control, ...inside] : inside;
}

/** What is searched for, when the view is a search. */
function queryOf(element: ViewElement): string | undefined {
  const { query } = element as { readonly query?: unknown };
  return typeof query === "string"
    ? (controlsOf(element).find(({ type }) => type === "search")?.value ?? query)
    : undefined;
}

/** A value that is equal to another one of the same text, so that a control knows its choice by it. */
function isSimple(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((entry) => isSimple(entry) && !Array.isArray(entry));
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
