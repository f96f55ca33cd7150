import { button, element } from "../../element.ts";
import { openDialog } from "../dialog.ts";

/**
 * Asks for the new name of something.
 *
 * @param rename does it; gives what is wrong with the name
 */
export function openRenameDialog(
  name: string,
  rename: (to: string) => Promise<string | undefined>,
): HTMLDialogElement {
  const input = element("input", {
    type: "text",
    "aria-label": "New name",
    value: name,
    autocomplete: "off",
    spellcheck: "false",
  });
  const problem = element("p", { class: "problem", role: "status" });
  const submit = element("button", { type: "submit", class: "primary" }, "Rename");
  const form = element(
    "form",
    {},
    input,
    problem,
    element(
      "footer",
      {},
      button("Cancel", () => dialog.close(), { class: "small" }),
      submit,
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const to = input.value.trim();
    if (to === name || to === "") return dialog.close();
    problem.textContent = "";
    submit.disabled = true;
    submit.textContent = "Renaming …";
    void rename(to).then((wrong) => {
      submit.disabled = false;
      submit.textContent = "Rename";
      if (wrong === undefined) dialog.close();
      else problem.textContent = wrong;
    });
  });
  const dialog = openDialog(`Rename ${name} in all cells`, [form], "rename");
  input.focus();
  input.select();
  return dialog;
}
