import type { DescribedSeries, SeriesFinding, SeriesNews } from "../../../protocol/index.ts";
import { button, element } from "../../element.ts";
import { bytesText, countText } from "./bytes-text.ts";
import { seriesNews } from "./series-news.ts";

/** Rows of a table that are there at first. */
const firstRows = 100;

/** What a folder of checkpoints holds, and what its audit finds, as the server tells it. */
export class SeriesView {
  readonly element: HTMLElement;
  readonly #folder: string;
  readonly #holds = element("div", { class: "series-holds" });
  readonly #audit = element("section", { class: "series-audit", "aria-label": "Audit" });
  readonly #status = element("p", { class: "panel-quiet", role: "status" }, "Reading …");
  readonly #bar = element("progress", { max: 1, hidden: true, "aria-label": "Audit" });
  readonly #stop: HTMLButtonElement;
  readonly #again: HTMLButtonElement;
  #reading: AbortController | undefined;
  /** The files have been looked into. */
  #isRead = false;

  /** @param insert puts a cell that opens the series into the workbook */
  constructor(folder: string, insert: () => void, closed: AbortSignal) {
    this.#folder = folder;
    this.#stop = button("Stop", () => this.#reading?.abort(), { class: "small", hidden: true });
    this.#again = button("Audit again", () => void this.#read(), { class: "small", hidden: true });
    this.#audit.append(
      this.#status,
      element("div", { class: "series-progress" }, this.#bar, this.#stop, this.#again),
    );
    this.element = element(
      "div",
      { class: "series" },
      button("Insert a cell that opens this", insert, { class: "primary series-insert" }),
      this.#audit,
      this.#holds,
    );
    closed.addEventListener("abort", () => this.#reading?.abort());
    void this.#read();
  }

  async #read(): Promise<void> {
    const reading = new AbortController();
    this.#reading = reading;
    this.#audit.querySelector(".findings")?.remove();
    this.#stop.hidden = false;
    this.#again.hidden = true;
    this.#status.textContent = "Reading …";
    this.#isRead = false;
    let last: SeriesNews["type"] | undefined;
    try {
      for await (const news of seriesNews(this.#folder, reading.signal)) {
        last = news.type;
        this.#hear(news);
      }
      if (last !== "audit" && last !== "failed")
        throw new Error("The server ended the audit early");
    } catch (error) {
      const stopped = this.#isRead ? "The audit was stopped" : "Reading was stopped";
      this.#status.textContent = reading.signal.aborted ? stopped : (error as Error).message;
      this.#again.textContent = this.#isRead ? "Audit again" : "Read again";
      this.#again.hidden = false;
    }
    this.#bar.hidden = true;
    this.#stop.hidden = true;
  }

  #hear(news: SeriesNews): void {
    if (news.type === "series") {
      this.#isRead = true;
      this.#holds.replaceChildren(...descriptionOf(news.series));
    } else if (news.type === "failed") this.#status.textContent = news.message;
    else if (news.type === "audit") this.#found(news.findings, news.schedule);
    else {
      const { done, total, reading } = news;
      this.#bar.hidden = false;
      this.#bar.max = total || 1;
      this.#bar.value = done;
      const [doing, what] = reading ? ["Reading", "file"] : ["Audit", "checkpoint"];
      this.#bar.setAttribute("aria-label", doing!);
      this.#status.textContent = `${doing}: ${done.toLocaleString("en")} of ${countText(total, what!)}`;
    }
  }

  #found(findings: readonly SeriesFinding[], schedule: string | undefined): void {
    const stored = schedule === undefined ? "" : `; stored at ${schedule}`;
    this.#status.textContent =
      findings.length === 0
        ? `Audit: nothing was found${stored}`
        : `Audit: ${countText(findings.length, "finding")} to look at${stored}`;
    if (findings.length === 0) return;
    const items = findings
      .slice(0, firstRows)
      .map(({ kind, message, files }) =>
        element(
          "li",
          {},
          element("strong", {}, kind),
          ` ${message}`,
          files.length > 0 && element("span", { class: "finding-files" }, ...named(files)),
        ),
      );
    this.#audit.append(element("ul", { class: "findings" }, ...items));
  }
}

function named(files: readonly string[]): (HTMLElement | string)[] {
  const shown = files.slice(0, 4).flatMap((name) => [element("code", {}, name), " "]);
  return files.length > 4 ? [...shown, `and ${files.length - 4} more`] : shown;
}

function descriptionOf(series: DescribedSeries): HTMLElement[] {
  const { summary, files, tensors, adapter, network, mismatch, all } = series;
  const more = (total: number | undefined, shown: number) =>
    total !== undefined && total > shown ? `; the first ${shown} of ${total}` : "";
  const facts = element("dl", { class: "series-facts" });
  const fact = (name: string, value: string) =>
    facts.append(element("dt", {}, name), element("dd", {}, value));
  if (network !== undefined) fact("network", network);
  if (adapter !== undefined) fact("adapter", adapter);
  const made: HTMLElement[] = [element("p", {}, summary), facts];
  if (mismatch !== undefined && !summary.includes(mismatch)) made.push(element("p", {}, mismatch));
  const out = files.filter(({ state }) => state !== "read");
  made.push(
    table(
      `Checkpoints${more(all?.files, files.length)}`,
      ["step", "file", "size"],
      files
        .filter(({ state }) => state === "read")
        .map(({ step, name, bytes }) => [
          step?.toLocaleString("en") ?? "–",
          name,
          bytesText(bytes),
        ]),
    ),
    table(
      `Tensors of the first${more(all?.tensors, tensors.length)}`,
      ["name", "shape", "type"],
      tensors.map(({ name, shape, type }) => [name, shape.join(" × ") || "scalar", type]),
    ),
  );
  if (out.length > 0) {
    made.push(
      table(
        "Not in the series",
        ["file", "why"],
        out.map(({ name, reason = "" }) => [name, reason]),
      ),
    );
  }
  return made;
}

/** A table under a heading that folds it; of many rows the first are there at once. */
function table(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  const body = element("tbody");
  const show = (some: readonly (readonly string[])[]) =>
    body.append(
      ...some.map((row) => element("tr", {}, ...row.map((text) => element("td", {}, text)))),
    );
  show(rows.slice(0, firstRows));
  const rest = rows.slice(firstRows);
  const more = button(
    `Show ${countText(rest.length, "more row")}`,
    () => {
      show(rest);
      more.remove();
    },
    { class: "small" },
  );
  return element(
    "details",
    { open: true },
    element("summary", {}, `${title} `, element("span", { class: "count" }, String(rows.length))),
    element(
      "div",
      { class: "panel-table", tabindex: 0, role: "group", "aria-label": title },
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head))),
        ),
        body,
      ),
      rest.length > 0 && more,
    ),
  );
}
