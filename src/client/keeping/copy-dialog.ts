import { openDialog } from "../editor/dialog.ts";
import { button, element } from "../element.ts";

/**
 * Asks for a path and has the server make a copy of the workbook there, as it is in this tab; then goes to
 * the copy. Nothing that exists is overwritten.
 *
 * @param go goes to an address
 */
export function openCopyDialog(
  path: string,
  go: (address: string) => void = (address) => location.assign(address),
): HTMLDialogElement {
  const input = element("input", { type: "text", value: proposed(path), spellcheck: "false" });
  const problem = element("p", { class: "problem", role: "alert" });
  const copy = async () => {
    const to = input.value.trim();
    const response = await fetch("/api/workbooks/duplicate", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ path, to }),
    }).catch(() => undefined);
    if (response?.ok) {
      dialog.close();
      go(`/w/${to.split("/").map(encodeURIComponent).join("/")}`);
      return;
    }
    const { error } = (await response?.json().catch(() => undefined)) ?? {};
    problem.textContent = error ?? "Simile does not answer";
  };
  const form = element(
    "form",
    { class: "copy-form" },
    element("label", {}, "Path of the copy", input),
    problem,
    button("Save the copy", () => form.requestSubmit(), { class: "primary" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void copy();
  });
  const dialog = openDialog("Save a copy", [form], "copy");
  input.focus();
  return dialog;
}

/** A name beside the workbook's own. */
function proposed(path: string): string {
  const dot = path.lastIndexOf(".");
  return `${path.slice(0, dot)} (kept)${path.slice(dot)}`;
}
