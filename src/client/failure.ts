import { RuntimeError } from "@observablehq/runtime";
import type { CellError } from "../protocol/index.ts";
import { cellFrames } from "./define.ts";

/** A failure that somebody else has already put into words: the kernel, or the analysis. */
export class StatedFailure extends Error {
  override readonly name = "StatedFailure";
  readonly stated: CellError;

  constructor(stated: CellError) {
    super(stated.message);
    this.stated = stated;
  }
}

/**
 * What to tell of a failure.
 *
 * @param isDefined whether a cell defines a name: if so, a cell that misses it only waits for that cell
 */
export function failureOf(thrown: unknown, isDefined: (name: string) => boolean): CellError {
  if (thrown instanceof StatedFailure) return thrown.stated;
  if (thrown instanceof RuntimeError) {
    const { input } = thrown;
    if (input !== undefined && isDefined(input)) {
      return { name: "Blocked", message: thrown.message, blockedBy: input };
    }
    if (input !== undefined) return { name: "ReferenceError", message: thrown.message };
    return { name: "RuntimeError", message: sentence(thrown.message) };
  }
  if (!(thrown instanceof Error)) return { name: "Error", message: textOf(thrown) };
  const frames = cellFrames(thrown);
  return {
    name: thrown.name,
    message: thrown.message,
    ...(frames[0] && { at: frames[0], frames }),
  };
}

/** Anything can be thrown, also what cannot be turned into a text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "an object without a message";
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
