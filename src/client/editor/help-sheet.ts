import { button, element } from "../element.ts";
import { type ActionName, actions } from "./actions.ts";
import { openDialog } from "./dialog.ts";
import type { KeyTable, Rebound } from "./key-table.ts";
import { keyOf, type Mode } from "./keys.ts";

const groups = ["Run", "Cells", "Move about", "Write", "Look", "Document"] as const;

const modeWords: Readonly<Record<Mode, string>> = {
  command: "choosing cells",
  edit: "writing",
};

/** What a row of the sheet needs of it. */
interface Sheet {
  readonly keys: KeyTable;
  /** Tells what became of a change, and shows all keys as they are then. */
  changed(outcome: Rebound): void;
}

/**
 * All keys, by what they do; each can be given another one.
 *
 * @param has whether an action can be done at all
 * @param changed keys are others
 */
export function openHelpSheet(
  keys: KeyTable,
  has: (name: ActionName) => boolean,
  changed: () => void,
): HTMLDialogElement {
  const outcome = element("p", { class: "outcome", role: "status" });
  const rows = new Set<() => void>();
  const sheet: Sheet = {
    keys,
    changed: ({ problem, note }) => {
      outcome.textContent = problem ?? note ?? "";
      outcome.classList.toggle("problem", problem !== undefined);
      for (const show of rows) show();
      changed();
    },
  };
  const tables = groups.map((group) => {
    const names = (Object.keys(actions) as ActionName[]).filter(
      (name) => actions[name].group === group && has(name),
    );
    const head = ["What", "Choosing cells", "Writing"];
    return element(
      "table",
      {},
      element("caption", {}, group),
      element(
        "thead",
        {},
        element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text))),
      ),
      element("tbody", {}, ...names.map((name) => rowOf(name, sheet, rows))),
    );
  });
  const letters = element("input", { type: "checkbox", id: "letter-keys" });
  letters.checked = keys.letters;
  letters.addEventListener("change", () => {
    const problem = keys.setLetters(letters.checked);
    sheet.changed(problem ? { problem } : {});
  });
  const reset = button("All keys as usual", () => sheet.changed(keys.reset()), {
    class: "small",
  });
  return openDialog(
    "Keys",
    [
      element(
        "p",
        {},
        "Press one below to choose another: then the new key, Backspace for the usual one, or Escape to leave it.",
      ),
      element(
        "p",
        { class: "key-settings" },
        element("label", { for: "letter-keys" }, letters, " Keys that are a letter alone"),
        reset,
      ),
      outcome,
      element("div", { class: "key-tables" }, ...tables),
    ],
    "help-sheet",
  );
}

function rowOf(name: ActionName, sheet: Sheet, rows: Set<() => void>): HTMLElement {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, actions[name].title),
    keyCell(name, "command", sheet, rows),
    keyCell(name, "edit", sheet, rows),
  );
}

function keyCell(
  name: ActionName,
  mode: Mode,
  { keys, changed }: Sheet,
  rows: Set<() => void>,
): HTMLElement {
  const chosen = button("", () => listen(), { class: "key" });
  const show = () => {
    const text = keys.text(name, mode);
    chosen.textContent = text || "–";
    chosen.classList.toggle("is-own", keys.isOwn(name, mode));
    const spoken = `${actions[name].title}, ${modeWords[mode]}: ${text || "no key"}`;
    chosen.setAttribute("aria-label", `${spoken}. Change`);
  };
  const listen = () => {
    chosen.textContent = "press a key";
    const hear = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      const key = keyOf(event);
      if (key === undefined) return;
      stop();
      if (key === "Escape") return;
      changed(key === "Backspace" ? keys.reset(name, mode) : keys.rebind(name, mode, key));
    };
    const stop = () => {
      chosen.removeEventListener("keydown", hear);
      chosen.removeEventListener("blur", stop);
      show();
    };
    chosen.addEventListener("keydown", hear);
    chosen.addEventListener("blur", stop);
  };
  rows.add(show);
  show();
  return element("td", {}, chosen);
}
