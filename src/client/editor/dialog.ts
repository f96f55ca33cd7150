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
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
  // Keys in a dialog are its own.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
