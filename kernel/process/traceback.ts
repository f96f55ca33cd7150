import type { CellError } from "../../src/protocol/index.ts";

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
  const line = at && sourceOf(at.cell)?.split(/\r\n|\n/)[at.line - 1];
  if (at && line !== undefined) {
    traceback.push(
      `${dim}${at.cell}:${at.line}:${at.column}${plain}`,
      `    ${line}`,
      `    ${" ".repeat(Math.max(0, at.column - 1))}${red}^${plain}`,
    );
  }
  for (const frame of frames.slice(1)) {
    traceback.push(`${dim}  from ${frame.cell}:${frame.line}:${frame.column}${plain}`);
  }
  return { ename: name, evalue: message, traceback };
}
