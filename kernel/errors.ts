import { inspect } from "node:util";
import type { CellError, CellPosition } from "../src/protocol/index.ts";
import type { Position } from "../src/workbook/index.ts";
import { type CodeOrigin, codeOrigin } from "./code-name.ts";

/** The person's position of one that the engine reports in the code of a run. */
export type Original = (run: number, position: Position) => Position;

const longestMessage = 4_096;

/**
 * An error, or whatever else was thrown, as the page shows it: the sentence, what caused it, and the
 * places in cells it came through. Frames of Node, of libraries and of the kernel are left out.
 */
export function cellError(thrown: unknown, original: Original): CellError {
  if (!isError(thrown)) {
    return { name: "Error", message: shorten(`Thrown: ${inspect(thrown, { depth: 2 })}`) };
  }
  const chain = causes(thrown);
  const message = chain
    .map((error, depth) => (depth === 0 ? sentence(error) : `Caused by: ${sentence(error)}`))
    .join("\n");
  const frames = chain.map((error) => positions(error, original)).find(({ length }) => length > 0);
  return {
    name: String(thrown.name || "Error"),
    message: shorten(message),
    ...(frames?.[0] && { at: frames[0], frames }),
  };
}

/** An error of any realm: modules and workers may throw what is no instance of this one's `Error`. */
function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    typeof Reflect.get(thrown, "message") === "string" &&
    typeof Reflect.get(thrown, "stack") === "string"
  );
}

/** The error, its cause, the cause's cause; each once. */
function causes(error: Error): readonly Error[] {
  const chain = [error];
  for (let cause = error.cause; isError(cause) && !chain.includes(cause); cause = cause.cause) {
    chain.push(cause);
  }
  return chain;
}

function sentence(error: Error): string {
  const message = String(error.message) || String(error.name || "Error");
  const parts: unknown = Reflect.get(error, "errors");
  if (!Array.isArray(parts)) return message;
  const told = parts.slice(0, 3).map((part) => (isError(part) ? part.message : inspect(part)));
  return [message, ...told].join("\n");
}

/** Places in cells, innermost first. */
function positions(error: Error, original: Original): readonly CellPosition[] {
  const lines = String(error.stack ?? "").split("\n");
  const syntax = error.name === "SyntaxError" ? syntaxPosition(lines) : undefined;
  const found = syntax ? [syntax] : lines.map(framePosition);
  return found
    .filter((frame) => frame !== undefined)
    .map(({ cell, run, line, column }) => ({ cell, ...original(run, { line, column }) }));
}

type Frame = Position & CodeOrigin;

function framePosition(line: string): Frame | undefined {
  const origin = codeOrigin(line);
  if (!origin || !/^\s+at /.test(line)) return undefined;
  // Before the first line, where a cell is wrapped, the engine names no position.
  const [, row = 0, column = 1] = /:(\d+):(\d+)\)?$/.exec(line) ?? [];
  return { ...origin, line: Number(row), column: Number(column) };
}

/** Code that does not compile has no frame: its stack begins with file:line, the line, and a caret. */
function syntaxPosition([first = "", , caret = ""]: readonly string[]): Frame | undefined {
  const origin = codeOrigin(first);
  const row = /:(\d+)$/.exec(first)?.[1];
  if (!origin || row === undefined || !/^\s*\^/.test(caret)) return undefined;
  return { ...origin, line: Number(row), column: caret.indexOf("^") + 1 };
}

function shorten(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
}
