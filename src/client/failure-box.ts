import type { CellError, CellPosition } from "../protocol/index.ts";
import { button, element } from "./element.ts";

/** What a failure needs to know of the workbook to be told well. */
export interface FailureContext {
  /** The cell that failed or waits. */
  readonly cell: string;
  /** Source of a cell; undefined when there is no such cell. */
  source(cell: string): string | undefined;
  /** The cell that defines a name. */
  definerOf(name: string): string | undefined;
  /** Whether a cell runs on demand, and nobody has asked yet. */
  isUnasked?(cell: string): boolean;
  /** Asks for stopped cells again; undefined where nothing can run. */
  readonly runAgain?: (() => void) | undefined;
  /** Goes to a place in a cell's source. */
  visit(cell: string, line?: number): void;
}

/**
 * A failure at its cell: the cause first, then the line it happened on, then the person's own frames. A
 * cell that only waits for a failed one says so in one quiet line.
 */
export function failureBox(error: CellError, context: FailureContext): HTMLElement {
  if (error.blockedBy !== undefined) return blockedLine(error.blockedBy, error.message, context);
  if (error.name === "Stopped") return stoppedLine(context);
  const frames = error.frames ?? [];
  const rest = frames.slice(1).filter(({ cell, file }) => cell !== "" || file !== undefined);
  return element(
    "div",
    { class: "failure", role: "alert" },
    element("p", {}, element("strong", {}, error.name), ": ", ...linked(error.message, context)),
    error.at && excerpt(error.at, context),
    rest.length > 0 &&
      element(
        "p",
        { class: "frames" },
        "called from ",
        ...rest.flatMap((frame, i) => [i > 0 && ", ", placeLink(frame, context)]),
      ),
  );
}

/** A message, in which a cell that it names as `#id` is a link to it. */
function linked(message: string, { cell, source, visit }: FailureContext): (string | Node)[] {
  return message.split(/(#[\w-]+)/).map((part, i) => {
    const id = part.slice(1);
    const isOther = i % 2 === 1 && id !== cell && source(id) !== undefined;
    return isOther ? cellLink(id, part, () => visit(id)) : part;
  });
}

function stoppedLine({ runAgain }: FailureContext): HTMLElement {
  return element(
    "p",
    { class: "quiet-line" },
    "Stopped ",
    runAgain && button("Run again", runAgain, { class: "small" }),
  );
}

function blockedLine(
  name: string,
  cause: string,
  { definerOf, visit, isUnasked }: FailureContext,
): HTMLElement {
  const definer = definerOf(name);
  const shown =
    definer === undefined
      ? element("code", {}, name)
      : cellLink(definer, name, () => visit(definer));
  const why = definer !== undefined && isUnasked?.(definer) ? ", which runs on demand" : undefined;
  return element("p", { class: "quiet-line", title: cause }, "Waits for ", shown, why);
}

/** The line of an error with a caret under the column. */
function excerpt(at: CellPosition, context: FailureContext): HTMLElement | undefined {
  const text = at.text ?? context.source(at.cell)?.split(/\r\n|\n/)[at.line - 1];
  if (text === undefined) return undefined;
  const number = `${at.line} `;
  // Tabs keep their width in the line of the caret.
  const indent = text.slice(0, at.column - 1).replace(/[^\t]/g, " ");
  const caret = `${" ".repeat(number.length)}${indent}^`;
  return element(
    "div",
    { class: "excerpt" },
    element("p", {}, placeLink(at, context)),
    element("pre", {}, element("span", { class: "line-number" }, number), `${text}\n`, caret),
  );
}

function placeLink(
  { cell, file, line, column }: CellPosition,
  { visit }: FailureContext,
): HTMLElement {
  if (file !== undefined) return element("code", {}, `${file}:${line}:${column}`);
  return cellLink(cell, `${cell}:${line}:${column}`, () => visit(cell, line));
}

/** A link to a cell; following it goes there without leaving a mark in the history. */
export function cellLink(cell: string, text: string, follow: () => void): HTMLElement {
  const made = element("a", { href: `#cell-${cell}` }, element("code", {}, text));
  made.addEventListener("click", (event) => {
    event.preventDefault();
    follow();
  });
  return made;
}
