import { readAttributes } from "./attributes.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { type Draft, identify } from "./identity.ts";
import { linesOf } from "./lines.ts";
import { readMatter } from "./matter.ts";
import type { Cell, Diagnostic, RunMode, Workbook } from "./workbook.ts";

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
  #proseId: string | undefined;
  readonly #starts: readonly number[];

  constructor(text: string, start: number) {
    this.#text = text;
    this.kept = start;
    this.#proseStart = start;
    this.#starts = linesOf(text).map((line) => line.start);
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
    this.#proseId = block.kind === "marker" ? readAttributes(block.attributes).id : undefined;
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
      id: this.#proseId,
      kind: "prose",
      run: "live",
      attributes: {},
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
    const run = values["run"] ?? "live";
    if (!isRunMode(run)) {
      const message = `Unknown run=${run}: expected live, demand or once`;
      this.diagnostics.push({ message, line });
    }
    this.#add([start, (block.closed ? last?.end : undefined) ?? end], block.end, {
      id,
      kind: values["kernel"] === undefined ? "browser" : "kernel",
      run: isRunMode(run) ? run : "live",
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

  /** 1-based line of an offset. */
  #lineOf(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(low, 1);
  }
}

function headingOf(cells: readonly Cell[]): string {
  for (const cell of cells) {
    const heading = cell.kind === "prose" && /^#[ \t]+(.+?)[ \t]*#*[ \t]*$/m.exec(cell.source);
    if (heading) return heading[1]!;
  }
  return "";
}

function isRunMode(run: string | true): run is RunMode {
  return run === "live" || run === "demand" || run === "once";
}
