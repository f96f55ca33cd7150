import type { CheckpointFolder, CheckpointFolders } from "../../../protocol/index.ts";
import { button, element } from "../../element.ts";
import type { Panel } from "../panels.ts";
import { bytesText, countText } from "./bytes-text.ts";
import { SeriesView } from "./series-view.ts";

/** What the panel needs of the page. */
export interface CheckpointsParts {
  /** Puts a cell that opens a series, or a file, under the root into the workbook. */
  insert(kind: "series" | "file", path: string): void;
  /** Lets the person choose files to be kept beside the workbook. */
  choose(): void;
}

/** Folders of checkpoints under the root; each opens to what it holds and what its audit finds. */
export function checkpointsPanel(parts: CheckpointsParts): Panel {
  return {
    name: "checkpoints",
    title: "Checkpoints",
    open(closed) {
      const body = element("div", { class: "checkpoints", "aria-busy": "true" });
      void list(body, parts, closed);
      return body;
    },
  };
}

async function list(
  body: HTMLElement,
  parts: CheckpointsParts,
  closed: AbortSignal,
): Promise<void> {
  body.replaceChildren(
    element("p", { class: "panel-quiet", role: "status" }, "Looking for checkpoints …"),
  );
  try {
    const answer = await fetch("/api/checkpoints", { signal: closed });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    const found = (await answer.json()) as CheckpointFolders;
    body.replaceChildren(...listing(body, found, parts, closed));
  } catch (error) {
    if (closed.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    body.replaceChildren(
      element("p", { role: "alert" }, `Cannot list the checkpoints: ${why}`),
      button("Try again", () => void list(body, parts, closed), { class: "small" }),
    );
  }
  body.removeAttribute("aria-busy");
}

function listing(
  body: HTMLElement,
  { folders, truncated }: CheckpointFolders,
  parts: CheckpointsParts,
  closed: AbortSignal,
): HTMLElement[] {
  const hint = element(
    "p",
    { class: "panel-quiet" },
    "Drop checkpoint files on the page to keep them beside this workbook, or ",
    button("choose files", () => parts.choose(), { class: "panel-link" }),
    ".",
  );
  const open = ({ path }: CheckpointFolder) => openSeries(body, path, parts, closed);
  if (folders.length === 0) {
    return [
      element(
        "p",
        {},
        "There is no checkpoint in the served folder. Files ending in .safetensors, .pt, .pth, .bin, .ckpt, .npz and .npy are looked for",
      ),
      hint,
    ];
  }
  const items = folders.map((folder) =>
    element(
      "li",
      {},
      folderButton(folder, () => open(folder)),
    ),
  );
  const made = element("ul", { class: "checkpoint-folders" }, ...items);
  const more =
    "There are more folders than were looked through: open Simile on a folder nearer to them";
  return [made, ...(truncated ? [element("p", { class: "panel-quiet" }, more)] : []), hint];
}

function folderButton(folder: CheckpointFolder, open: () => void): HTMLButtonElement {
  const { path, files, bytes, steps } = folder;
  const range =
    steps && steps[0] !== steps[1]
      ? ` · steps ${steps[0].toLocaleString("en")} to ${steps[1].toLocaleString("en")}`
      : "";
  const made = button("", open, { class: "checkpoint-folder", "data-folder": path });
  made.append(
    element("strong", {}, path || "The served folder itself"),
    element("span", {}, `${countText(files, "file")} · ${bytesText(bytes)}${range}`),
  );
  return made;
}

function openSeries(
  body: HTMLElement,
  path: string,
  parts: CheckpointsParts,
  closed: AbortSignal,
): void {
  const leaving = new AbortController();
  closed.addEventListener("abort", () => leaving.abort(), { signal: leaving.signal });
  const back = button(
    "All folders",
    () => {
      leaving.abort();
      void list(body, parts, closed);
    },
    { class: "panel-link" },
  );
  const view = new SeriesView(path, () => parts.insert("series", path), leaving.signal);
  body.replaceChildren(
    element(
      "p",
      { class: "panel-way" },
      back,
      " / ",
      element("strong", {}, path || "served folder"),
    ),
    view.element,
  );
  back.focus();
}
