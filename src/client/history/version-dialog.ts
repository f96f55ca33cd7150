import { insertionOf, rewriteCell } from "../../editing/index.ts";
import type { EditedWorkbook, HistoryVersion, Operation } from "../../protocol/index.ts";
import type { DocumentModel } from "../document/index.ts";
import { openDialog } from "../editor/dialog.ts";
import { button, element } from "../element.ts";
import { differenceView, type Layout } from "./difference-view.ts";
import { causeText, isReordered, timeText } from "./version-text.ts";

type Difference = HistoryVersion["differences"][number];

/** Shows a version of a workbook against what it is now, cell by cell, to be taken back whole or in part. */
export function openVersion(
  version: HistoryVersion,
  model: DocumentModel,
  say: (text: string) => void,
): HTMLDialogElement {
  const cells = element("div", { class: "version-cells" });
  const time = timeText(version.time, Date.now());
  let layout: Layout = innerWidth >= 1100 ? "beside" : "unified";
  const show = () => {
    cells.replaceChildren(
      ...version.differences.map((difference) => cellSection(difference, layout, restoreCell)),
    );
    if (version.differences.length === 0) {
      cells.append(
        element(
          "p",
          { class: "quiet" },
          isReordered(version.content, model.content)
            ? "The cells of this version are as they are now, in another order."
            : "The cells of this version are as they are now.",
        ),
      );
    }
    choose.setAttribute("aria-pressed", String(layout === "beside"));
  };
  const choose = button(
    "Side by side",
    () => {
      layout = layout === "beside" ? "unified" : "beside";
      show();
    },
    { class: "small" },
  );
  const restore = button(
    "Restore this version",
    () => {
      model.restore(version.content);
      dialog.close();
      say(`The workbook is as it was at ${time}: ${undoKeys} takes that back`);
    },
    { class: "primary" },
  );
  const restoreCell = (difference: Difference) => {
    const operations = restoration(difference, version.content, model.content);
    if (operations.length > 0) model.edit(`restore ${difference.cell}`, operations);
    dialog.close();
    say(`${difference.cell} is as it was at ${time}: ${undoKeys} takes that back`);
  };
  const dialog = openDialog(
    `Version of ${time}`,
    [
      element(
        "div",
        { class: "version-bar" },
        element("p", {}, `${causeText(version)}; − was, + is now`),
        choose,
        restore,
      ),
      cells,
    ],
    "version",
  );
  show();
  return dialog;
}

const undoKeys = "Ctrl+Z";

/** What makes one cell what it was in a version. */
export function restoration(
  { cell, was }: Difference,
  version: EditedWorkbook,
  now: EditedWorkbook,
): readonly Operation[] {
  const isThere = now.cells.some(({ id }) => id === cell);
  if (was === null) return isThere ? [{ type: "delete", cell }] : [];
  if (isThere) return rewriteCell(now, cell, was).operations;
  const before = version.cells.find(({ id }) => id === cell);
  return before ? [insertionOf(now, version, before)] : [];
}

function cellSection(
  difference: Difference,
  layout: Layout,
  restore: (difference: Difference) => void,
): HTMLElement {
  const { cell, was, now } = difference;
  const [word, act] =
    was === null
      ? ["is new since", "Take it away again"]
      : now === null
        ? ["is not there any more", "Bring it back"]
        : ["differs", "Restore this cell"];
  return element(
    "section",
    { class: "version-cell" },
    element(
      "header",
      {},
      element("h3", {}, element("code", {}, cell), ` ${word}`),
      button(act, () => restore(difference), { class: "small", "aria-label": `${act}: ${cell}` }),
    ),
    differenceView(
      `What differs in ${cell}`,
      was,
      now,
      was === null || now === null ? "unified" : layout,
    ),
  );
}
