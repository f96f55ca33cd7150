import type { CellError, CellPosition } from "../../src/protocol/index.ts";

/** The content of an `error` message. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  /** Lines with terminal colours. */
  readonly traceback: readonly string[];
}

const red = "\u001b[31m";
const dim = "\u001b[2m";
const plain = "\u001b[0m";

/**
 * An error as a person reads it: the sentence, the line of their code it happened in with a caret, then
 * where that was called from.
 *
 * @param sourceOf the code that was executed under an id
 */
export function errorContent(
  { name, message, at, frames = [] }: CellError,
  sourceOf: (id: string) => string | undefined,
): ErrorContent {
  const traceback = `${red}${name}${plain}: ${message}`.split("\n");
  const line = at && (at.text ?? sourceOf(at.cell)?.split(/\r\n|\n/)[at.line - 1]);
  if (at && line !== undefined) {
    // Tabs keep their width in the line of the caret.
    const indent = line.slice(0, at.column - 1).replace(/[^\t]/g, " ");
    traceback.push(`${dim}${placeName(at)}${plain}`, `    ${line}`, `    ${indent}${red}^${plain}`);
  }
  for (const frame of frames.slice(1)) {
    traceback.push(`${dim}  from ${placeName(frame)}${plain}`);
  }
  return { ename: name, evalue: message, traceback };
}

function placeName({ cell, file, line, column }: CellPosition): string {
  return `${file ?? cell}:${line}:${column}`;
}
