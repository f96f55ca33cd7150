import { lineFinder, linesOf } from "../lines.ts";
import type { Cell, Diagnostic, RunMode, Workbook } from "../workbook.ts";
import { type Attributes, readAttributes } from "./attributes.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { type Draft, identify } from "./identity.ts";
import { readMatter } from "./matter.ts";

type CodeBlock = Extract<Block, { kind: "cell" }>;

/**
 * Reads the Markdown container of a workbook. Every text is a workbook: what is not as it should be
 * is kept and reported among `diagnostics`, and `serialise` gives back the same bytes.
 *
 * A fence with `{…}` at the start of a line, in ts or js, is a cell; all else is prose, which
 * `<!-- cell #id -->` on a line of its own splits and names. Nothing is evaluated.
 *
 * @param previous the workbook before an edit: a cell without an id in the file keeps the one it had
 */
export function parse(text: string, previous?: Workbook): Workbook {
  const matter = readMatter(text);
  const reader = new Reader(text, matter.end);
  if (matter.diagnostic) reader.diagnostics.push(matter.diagnostic);
  for (const block of blocksOf(text, matter.end)) reader.read(block);
  reader.prose(text.length);
  const cells = identify(reader.drafts, previous?.cells ?? [], reader.diagnostics);
  return {
    title: matter.values["title"] ?? headingOf(cells),
    summary: matter.values["summary"] ?? "",
    cells,
    matter: matter.values,
    front: text.slice(0, matter.end),
    tail: text.slice(reader.kept),
    diagnostics: reader.diagnostics,
  };
}

/** Cuts a text into drafts of cells, each owning the text since the one before. */
class Reader {
  readonly drafts: Draft[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** Up to here the text is in a cell's layout or source. */
  kept: number;
  readonly #text: string;
  /** Where the prose being gathered begins, after its marker. */
  #proseStart: number;
  #marked: Attributes = { values: {} };
  readonly #lineOf: (offset: number) => number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.kept = start;
    this.#proseStart = start;
    this.#lineOf = lineFinder(text);
  }

  read(block: Block): void {
    if (block.kind === "doubt") {
      const line = this.#lineOf(block.start);
      this.diagnostics.push({ message: block.message, line, doubt: true });
      return;
    }
    this.prose(block.start);
    if (block.kind === "cell") this.#code(block);
    this.#proseStart = block.end;
    this.#marked = block.kind === "marker" ? readAttributes(block.attributes) : { values: {} };
  }

  /** Ends the prose being gathered; blank prose is no cell and goes to the layout of the next. */
  prose(end: number): void {
    const lines = linesOf(this.#text, this.#proseStart, end).filter(
      (line) => this.#text.slice(line.start, line.end).trim() !== "",
    );
    const first = lines[0];
    const last = lines.at(-1);
    if (!first || !last) return;
    this.#add([first.start, last.end], end, {
      id: this.#marked.id,
      kind: "prose",
      run: "live",
      attributes: this.#marked.values,
    });
  }

  #code(block: CodeBlock): void {
    const [start, end] = block.content;
    const last = linesOf(this.#text, start, end).at(-1);
    const { id, values } = readAttributes(block.attributes);
    const line = this.#lineOf(block.start);
    if (!block.closed) {
      this.diagnostics.push({ message: "This cell's fence is never closed", line });
    }
    const { run, problem } = runModeOf(values["run"]);
    if (problem !== undefined) this.diagnostics.push({ message: problem, line });
    this.#add([start, (block.closed ? last?.end : undefined) ?? end], block.end, {
      id,
      kind: values["kernel"] === undefined ? "browser" : "kernel",
      ...(/^(?:js|javascript|mjs)$/i.test(block.language) && { mode: "js" }),
      run,
      attributes: values,
    });
  }

  #add(
    [start, end]: readonly [number, number],
    closeEnd: number,
    rest: Omit<Draft, "source" | "line" | "layout">,
  ): void {
    const text = this.#text;
    this.drafts.push({
      ...rest,
      source: text.slice(start, end),
      line: this.#lineOf(start),
      layout: { open: text.slice(this.kept, start), close: text.slice(end, closeEnd) },
    });
    this.kept = closeEnd;
  }
}

/** The first heading in the prose, empty when there is none. */
export function headingOf(cells: readonly Cell[]): string {
  for (const cell of cells) {
    const heading =
      cell.kind === "prose" && !cell.mode && /^#[ \t]+(.+?)[ \t]*#*[ \t]*$/m.exec(cell.source);
    if (heading) return heading[1]!;
  }
  return "";
}

/** What `run=` says; `live` when it says nothing, and with a problem when nothing that is known. */
export function runModeOf(value: string | true = "live"): { run: RunMode; problem?: string } {
  if (value === "live" || value === "demand" || value === "once") return { run: value };
  return { run: "live", problem: `Unknown run=${value}: expected live, demand or once` };
}
