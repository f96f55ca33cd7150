import { lineFinder } from "../lines.ts";
import { type Draft, identify } from "../markdown/identity.ts";
import { headingOf, runModeOf } from "../markdown/parse.ts";
import type { Diagnostic, Workbook } from "../workbook.ts";
import { modeOf } from "./modes.ts";
import { decodeScript } from "./script-text.ts";
import { decodeEntities, type Tag, tagsOf } from "./tags.ts";

/**
 * Reads a notebook of Observable's Notebook Kit, an HTML file with `<notebook>` in it, as a workbook. Every
 * text is one: what is not as it should be is kept and reported among `diagnostics`, and
 * `serialiseObservable` gives back the same bytes. A `<script>` in `<notebook>` is a cell: JavaScript and
 * TypeScript are browser cells, kernel cells with the attribute `kernel`; all else is text, of which `mode`
 * says what it is. Types and attributes that are not known are kept. Nothing is evaluated.
 *
 * @param previous the workbook before an edit: a cell without an id in the file keeps the one it had
 */
export function parseObservable(text: string, previous?: Workbook): Workbook {
  const reader = new Reader(text);
  for (const tag of tagsOf(text)) if (!reader.read(tag)) break;
  reader.end();
  const { matter, diagnostics } = reader;
  const cells = identify(reader.drafts, previous?.cells ?? [], diagnostics);
  return {
    title: matter.get("title") || headingOf(cells),
    summary: matter.get("summary") ?? "",
    cells,
    matter: Object.fromEntries(matter),
    front: text.slice(0, reader.frontEnd),
    tail: text.slice(reader.kept),
    diagnostics,
  };
}

class Reader {
  readonly drafts: Draft[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly matter = new Map<string, string>();
  /** Where the head ends: `<notebook>` and the title and data that follow at once. */
  frontEnd = 0;
  /** Up to here the text is in the front, or in a cell's layout or source. */
  kept = 0;
  readonly #text: string;
  readonly #lineOf: (offset: number) => number;
  #isInside = false;
  #title: Tag | undefined;
  #script: Tag | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#lineOf = lineFinder(text);
  }

  /** False when the notebook has ended. */
  read(tag: Tag): boolean {
    if (this.#script) this.#cell(this.#script, tag);
    else if (tag.name === "title") this.#readTitle(tag);
    else if (tag.name === "notebook") {
      if (tag.closing) return !this.#isInside;
      if (!this.#isInside) this.#begin(tag);
    } else if (this.#isInside && tag.name === "script" && !tag.closing) this.#script = tag;
    else if (this.#isInside && tag.name === "meta") this.#readMeta(tag);
    return true;
  }

  end(): void {
    if (!this.#isInside) {
      const message = "Cannot find a notebook in this file: expected <notebook>, found none";
      this.diagnostics.push({ message, line: 1 });
    } else if (this.#script) {
      const line = this.#lineOf(this.#script.start);
      this.diagnostics.push({ message: "This cell's <script> is never closed", line });
      this.#cell(this.#script, undefined);
    }
  }

  #begin({ attributes, end }: Tag): void {
    this.#isInside = true;
    for (const [name, value] of attributes) if (name !== "title") this.matter.set(name, value);
    this.#extendFront(end, true);
  }

  #readTitle(tag: Tag): void {
    if (!tag.closing) this.#title = tag;
    else if (this.#title && !this.matter.has("title")) {
      this.matter.set("title", decodeEntities(this.#text.slice(this.#title.end, tag.start)));
    }
    this.#extendFront(tag.end);
  }

  #readMeta(tag: Tag): void {
    const name = tag.attributes.get("name");
    const content = tag.attributes.get("content");
    if (name !== undefined && content !== undefined) this.matter.set(name, content);
    this.#extendFront(tag.end);
  }

  /** Takes a tag of the head into the front, as long as no cell has come. */
  #extendFront(end: number, isFirst = false): void {
    if (this.drafts.length > 0 || !(isFirst || this.#isInside)) return;
    this.frontEnd = end;
    this.kept = end;
  }

  #cell(tag: Tag, close: Tag | undefined): void {
    this.#script = undefined;
    const contentEnd = close?.start ?? this.#text.length;
    const end = close?.end ?? contentEnd;
    const written = this.#text.slice(tag.end, contentEnd);
    const { source, skipped } = decodeScript(written);
    const { id, type, ...values } = Object.fromEntries(tag.attributes);
    const mode = modeOf(type);
    const isCode = mode === "js" || mode === "ts";
    const line = this.#lineOf(tag.end + skipped);
    const { run, problem } = runModeOf(values["run"]);
    if (problem !== undefined) this.diagnostics.push({ message: problem, line });
    this.drafts.push({
      id: id === "" ? undefined : id,
      kind: !isCode ? "prose" : values["kernel"] === undefined ? "browser" : "kernel",
      ...(mode !== "ts" && mode !== "md" && { mode }),
      source,
      line,
      run,
      attributes: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value === "" ? true : value]),
      ),
      layout: {
        open: this.#text.slice(this.kept, tag.end),
        close: this.#text.slice(contentEnd, end),
        written: { source, text: written },
      },
    });
    this.kept = end;
  }
}
