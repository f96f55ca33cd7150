import { button, element } from "../element.ts";

/** A dialog over the page: Escape and a press beside it close it, and the focus goes back where it was. */
export function openDialog(
  title: string,
  content: readonly (Node | string)[],
  className = "",
): HTMLDialogElement {
  const dialog = element(
    "dialog",
    { class: `dialog ${className}`, "aria-label": title },
    element(
      "header",
      {},
      element("h2", {}, title),
      button("×", () => dialog.close(), { class: "close", "aria-label": "Close" }),
    ),
    ...content,
  );
  let isBeside = false;
  dialog.addEventListener("pointerdown", ({ target }) => {
    isBeside = target === dialog;
  });
  // A press that began in the dialog, to choose text say, does not close it.
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog && isBeside) dialog.close();
  });
  // Keys in a dialog are its own.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something is done; whether it is to be done. */
export function ask(title: string, text: string, action: string): Promise<boolean> {
  return new Promise((resolve) => {
    const yes = button(
      action,
      () => {
        resolve(true);
        dialog.close();
      },
      { class: "primary" },
    );
    const no = button("Cancel", () => dialog.close(), { class: "small" });
    const dialog = openDialog(
      title,
      [element("p", {}, text), element("div", { class: "dialog-actions" }, no, yes)],
      "small-dialog",
    );
    dialog.addEventListener("close", () => resolve(false));
    yes.focus();
  });
}
