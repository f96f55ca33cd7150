import { openDialog } from "./editor/dialog.ts";
import { button, element } from "./element.ts";

/** A line to be filled in. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** What is made of the other lines as long as this one is not written in. */
  follow?(values: FormValues): string;
}

export type FormValues = Readonly<Record<string, string>>;

/**
 * Asks for some lines of text; stays open until they are good.
 *
 * @param submit does what is wanted; what it throws is said in the dialog
 */
export function openForm(
  title: string,
  fields: readonly FormField[],
  action: string,
  submit: (values: FormValues) => Promise<void>,
): HTMLDialogElement {
  const inputs = fields.map(({ name, value }) =>
    element("input", {
      type: "text",
      id: `form-${name}`,
      name,
      value,
      autocomplete: "off",
      spellcheck: "false",
    }),
  );
  const values = (): FormValues =>
    Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()]));
  const written = new Set<string>();
  for (const input of inputs) {
    input.addEventListener("input", () => {
      written.add(input.name);
      for (const [index, { name, follow }] of fields.entries()) {
        if (follow && !written.has(name)) inputs[index]!.value = follow(values());
      }
    });
  }
  const problem = element("p", { class: "outcome problem", role: "alert" });
  const go = element("button", { type: "submit", class: "primary" }, action);
  const form = element(
    "form",
    {},
    ...fields.map(({ label, name }, index) =>
      element(
        "p",
        { class: "form-line" },
        element("label", { for: `form-${name}` }, label),
        inputs[index],
      ),
    ),
    problem,
    element(
      "div",
      { class: "dialog-actions" },
      button("Cancel", () => dialog.close(), { class: "small" }),
      go,
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go.disabled = true;
    problem.textContent = "";
    submit(values())
      .then(() => dialog.close())
      .catch((error: unknown) => {
        problem.textContent = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        go.disabled = false;
      });
  });
  const dialog = openDialog(title, [form], "small-dialog");
  inputs[0]?.focus();
  inputs[0]?.select();
  return dialog;
}
