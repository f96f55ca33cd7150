import { button, element } from "../element.ts";
import { type ActionName, actions, keysOf, type OwnKeys } from "./actions.ts";
import { openDialog } from "./dialog.ts";
import { type Keys, keyOf, keysText, type Mode } from "./keys.ts";

/** What the sheet shows and changes. */
export interface HelpSheetOptions {
  readonly isMac: boolean;
  own(): OwnKeys;
  /** Gives an action keys of the person's own; the usual ones with undefined. Returns what is wrong with them. */
  rebind(name: ActionName, mode: Mode, keys: readonly Keys[] | undefined): string | undefined;
  readonly letters: { get(): boolean; set(on: boolean): void };
}

const groups = ["Run", "Cells", "Move about", "Write", "Look", "Document"] as const;

/** All keys, by what they do; each can be given another one. */
export function openHelpSheet(options: HelpSheetOptions): HTMLDialogElement {
  const problem = element("p", { class: "problem", role: "status" });
  const tables = groups.map((group) => {
    const names = (Object.keys(actions) as ActionName[]).filter(
      (name) => actions[name].group === group,
    );
    return element(
      "table",
      {},
      element("caption", {}, group),
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("th", { scope: "col" }, "What"),
          element("th", { scope: "col" }, "Choosing cells"),
          element("th", { scope: "col" }, "Writing"),
        ),
      ),
      element("tbody", {}, ...names.map((name) => rowOf(name, options, problem))),
    );
  });
  const letters = element("input", { type: "checkbox", id: "letter-keys" });
  letters.checked = options.letters.get();
  letters.addEventListener("change", () => options.letters.set(letters.checked));
  return openDialog(
    "Keys",
    [
      element("p", {}, "Press a key's name to choose another. Escape leaves it as it is."),
      element(
        "p",
        {},
        letters,
        element("label", { for: "letter-keys" }, " Keys that are a letter alone"),
      ),
      problem,
      element("div", { class: "key-tables" }, ...tables),
    ],
    "help-sheet",
  );
}

function rowOf(name: ActionName, options: HelpSheetOptions, problem: HTMLElement): HTMLElement {
  const action = actions[name];
  const cell = (mode: Mode) => {
    const chosen = button("", () => listen(), { class: "key" });
    const show = () => {
      const keys = keysOf(name, mode, options.own());
      chosen.textContent = keys.map((one) => keysText(one, options.isMac)).join(" or ") || "–";
      chosen.setAttribute("aria-label", `${action.title}, ${mode}: ${chosen.textContent}. Change`);
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
        const keys = key === "Backspace" ? undefined : [key];
        problem.textContent = options.rebind(name, mode, keys) ?? "";
        show();
      };
      const stop = () => {
        chosen.removeEventListener("keydown", hear);
        chosen.removeEventListener("blur", stop);
        show();
      };
      chosen.addEventListener("keydown", hear);
      chosen.addEventListener("blur", stop);
    };
    show();
    return element("td", {}, chosen);
  };
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, action.title),
    cell("command"),
    cell("edit"),
  );
}
