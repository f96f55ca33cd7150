import { button, element } from "../../element.ts";
import { bytesText, countText } from "./bytes-text.ts";
import { sendFile } from "./send-file.ts";

/** What dropped files need of the page. */
export interface DropParts {
  /** Path of the workbook under the root: files are kept in `data` beside it. */
  readonly workbook: () => string;
  /** Puts a cell that opens a series, or a file, under the root into the workbook. */
  insert(kind: "series" | "file", path: string): void;
  /** Keeps a workbook's text under a name in the workbook's folder, and opens it; says where it failed. */
  openWorkbook(file: File): Promise<void>;
}

const checkpointName = /\.(safetensors|pt|pth|bin|ckpt|npz|npy)(\.gz)?$/i;
const workbookName = /\.(md|ipynb|html)$/i;

/**
 * Files that are dropped on the page: checkpoints are kept in the folder `data` beside the workbook, several
 * in a new folder of it, and a cell that opens them is inserted; a workbook can be opened as one.
 */
export class CheckpointDrop {
  /** What is going on, for the page. */
  readonly element: HTMLElement = element("div", { class: "drops" });
  readonly #parts: DropParts;
  readonly #target = element(
    "div",
    { class: "drop-target", hidden: true },
    "Drop checkpoints to keep them beside this workbook",
  );
  #depth = 0;

  constructor(parts: DropParts) {
    this.#parts = parts;
    this.element.append(this.#target);
    document.addEventListener("dragenter", this.#onEnter);
    document.addEventListener("dragleave", this.#onLeave);
    document.addEventListener("dragover", this.#onOver);
    document.addEventListener("drop", this.#onDrop);
  }

  dispose(): void {
    document.removeEventListener("dragenter", this.#onEnter);
    document.removeEventListener("dragleave", this.#onLeave);
    document.removeEventListener("dragover", this.#onOver);
    document.removeEventListener("drop", this.#onDrop);
  }

  /** Lets the person choose files, as if they had been dropped. */
  choose(): void {
    const input = element("input", { type: "file", multiple: true });
    input.addEventListener("change", () => void this.take([...(input.files ?? [])]));
    input.click();
  }

  /** Takes files that were dropped or chosen. */
  async take(files: readonly File[]): Promise<void> {
    const workbooks = files.filter(({ name }) => workbookName.test(name));
    const checkpoints = files.filter(({ name }) => checkpointName.test(name));
    const others = files.filter((file) => !workbooks.includes(file) && !checkpoints.includes(file));
    for (const file of workbooks) this.#offer(file);
    if (others.length > 0) {
      const names = others.map(({ name }) => name).join(", ");
      this.#say(
        `Not kept: ${names}. Expected checkpoints (.safetensors, .pt, .pth, .bin, .ckpt, .npz, .npy) or workbooks (.md, .ipynb, .html)`,
      );
    }
    if (checkpoints.length > 0) await this.#keep(checkpoints);
  }

  async #keep(files: readonly File[]): Promise<void> {
    const folder = [...this.#parts.workbook().split("/").slice(0, -1), "data"].join("/");
    const [first] = files;
    const isSeries = files.length > 1;
    const into = isSeries ? `${folder}/${seriesName(files, new Date())}` : folder;
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const stopping = new AbortController();
    const bar = element("progress", { max: total || 1, value: 0, "aria-label": "Files sent" });
    const text = element("p", {});
    const stop = button("Stop", () => stopping.abort(new Error("stopped")), { class: "small" });
    const box = element("div", { class: "drop-box", role: "status" }, text, bar, stop);
    this.element.append(box);
    let [sent, kept] = [0, 0];
    const failures: string[] = [];
    for (const file of files) {
      text.textContent = `Keeping ${file.name} in ${into}, ${bytesText(sent)} of ${bytesText(total)}`;
      try {
        await sendFile(file, `${into}/${file.name}`, stopping.signal, (received) => {
          bar.value = sent + received;
          text.textContent = `Keeping ${file.name} in ${into}, ${bytesText(sent + received)} of ${bytesText(total)}`;
        });
        kept++;
      } catch (error) {
        if (stopping.signal.aborted) break;
        failures.push((error as Error).message);
      }
      sent += file.size;
      bar.value = sent;
    }
    box.remove();
    const done = `${countText(kept, "file")} kept in ${into}`;
    if (stopping.signal.aborted) failures.push("Stopped: the rest was not sent");
    this.#say([kept > 0 ? done : "", ...failures].filter(Boolean).join(". "));
    if (kept === 0) return;
    if (isSeries) this.#parts.insert("series", into);
    else this.#parts.insert("file", `${into}/${first!.name}`);
  }

  /** A workbook is not opened unasked. */
  #offer(file: File): void {
    const open = button(
      "Open as a workbook",
      () => {
        box.remove();
        this.#parts.openWorkbook(file).catch((error: Error) => this.#say(error.message));
      },
      { class: "primary" },
    );
    const text = element(
      "p",
      {},
      `${file.name} is a workbook, ${bytesText(file.size)}. It is copied beside this one, and runs nothing until you run it.`,
    );
    const box: HTMLElement = element(
      "div",
      { class: "drop-box", role: "status" },
      text,
      open,
      button("Not now", () => box.remove(), { class: "small" }),
    );
    this.element.append(box);
    open.focus();
  }

  #say(text: string): void {
    const box: HTMLElement = element(
      "div",
      { class: "drop-box", role: "status" },
      element("p", {}, text),
      button("Dismiss", () => box.remove(), { class: "small" }),
    );
    this.element.append(box);
  }

  readonly #onEnter = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    this.#depth++;
    this.#target.hidden = false;
  };

  readonly #onLeave = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    this.#depth = Math.max(0, this.#depth - 1);
    this.#target.hidden = this.#depth === 0;
  };

  readonly #onOver = (event: DragEvent): void => {
    if (!isOurs(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  };

  readonly #onDrop = (event: DragEvent): void => {
    this.#depth = 0;
    this.#target.hidden = true;
    if (!isOurs(event)) return;
    // A browser would leave the page and open the file.
    event.preventDefault();
    void this.take([...(event.dataTransfer?.files ?? [])]);
  };
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** Whether files are dropped on the page, not on an input of a cell that takes files itself. */
function isOurs(event: DragEvent): boolean {
  const isInput =
    event.target instanceof Element && event.target.closest("input[type=file]") !== null;
  return hasFiles(event) && !isInput && !event.defaultPrevented;
}

/** The name of a new folder for several files: what their names begin with, and the time. */
function seriesName(files: readonly File[], now: Date): string {
  const [first = "", ...rest] = files.map(({ name }) => name);
  let length = first.length;
  for (const name of rest) {
    let same = 0;
    while (same < length && name[same] === first[same]) same++;
    length = same;
  }
  const word = first
    .slice(0, length)
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const time = now.toISOString().slice(0, 19).replace(/[T:]/g, "-");
  return `${/[A-Za-z]{2}/.test(word) ? word : "series"}-${time}`;
}
