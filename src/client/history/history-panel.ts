import type { HistoryEntry } from "../../protocol/index.ts";
import type { DocumentModel } from "../document/index.ts";
import { button, element } from "../element.ts";
import type { Panel } from "../panels/index.ts";
import type { KeptVersions } from "./kept-versions.ts";
import { causeText, cellsText, isReordered, timeText } from "./version-text.ts";

/** What the history needs of the page. */
export interface HistoryParts {
  readonly model: DocumentModel;
  readonly versions: KeptVersions;
  /** Shows a word for a moment, and reads it aloud. */
  say(text: string): void;
}

/** Of so many of the newest versions the list says which cells differ. */
const mostCompared = 30;

/** The panel with the versions that a workbook's file has had. */
export function historyPanel(parts: HistoryParts): Panel {
  return {
    name: "history",
    title: "History",
    open: (closed) => new HistoryList(parts, closed).element,
  };
}

class HistoryList {
  readonly element: HTMLElement = element("div", { class: "history" });
  readonly #parts: HistoryParts;
  readonly #closed: AbortSignal;
  #told = "";

  constructor(parts: HistoryParts, closed: AbortSignal) {
    this.#parts = parts;
    this.#closed = closed;
    this.element.append(element("p", { class: "quiet" }, "Reading …"));
    // What is saved is a version more.
    let time = 0;
    const ends = parts.model.onChange(() => {
      const { saved } = parts.model;
      if (saved?.state !== "saved" || saved.time === time) return;
      time = saved.time;
      void this.#read();
    });
    closed.addEventListener("abort", ends);
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const versions = await this.#parts.versions.list(this.#closed);
      const told = versions.map(({ version, time }) => `${version} ${time}`).join("\n");
      if (told === this.#told) return;
      this.#told = told;
      const lines = versions.map((entry) => this.#line(entry));
      const list = element("ol", {}, ...lines.map(({ line }) => line));
      const none = element("p", { class: "quiet" }, "Nothing has been kept of this workbook yet.");
      this.element.replaceChildren(lines.length > 0 ? list : none);
      for (const { compare } of lines.slice(0, mostCompared)) {
        if (this.#told !== told || this.#closed.aborted) return;
        await compare();
      }
    } catch (error) {
      if (this.#closed.aborted) return;
      this.element.replaceChildren(element("p", { role: "alert" }, (error as Error).message));
    }
  }

  #line(entry: HistoryEntry) {
    const differs = element("span", { class: "history-cells" });
    const open = button("", () => void this.#open(entry), { class: "history-version" });
    const time = element("time", { datetime: new Date(entry.time).toISOString() });
    time.textContent = timeText(entry.time, Date.now());
    open.append(time, element("span", { class: "history-cause" }, causeText(entry)), differs);
    const compare = async () => {
      const { version } = entry;
      const { differences, content } = await this.#parts.versions.version(version, this.#closed);
      differs.textContent = cellsText(
        differences.map(({ cell }) => cell),
        isReordered(content, this.#parts.model.content),
      );
    };
    return { line: element("li", {}, open), compare };
  }

  async #open(entry: HistoryEntry): Promise<void> {
    const { model, versions, say } = this.#parts;
    try {
      const [{ openVersion }, version] = await Promise.all([
        import("./version-dialog.ts"),
        versions.version(entry.version, this.#closed),
      ]);
      openVersion(version, model, say);
    } catch (error) {
      if (!this.#closed.aborted) say((error as Error).message);
    }
  }
}
